/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The items are kept sorted by address from the start: first the objects that
 * stay, then each new app is inserted. Whether an app may stand somewhere is
 * answered by looking at its two neighbours, and taking a choice back is
 * removing the item again. Last, gaps are filled with padding.
 */

#include "layout.h"

#include "base/bits.h"
#include "layout_gaps.h"
#include "layout_why.h"

#include <stdlib.h>

/* Tries of the search for fixed addresses; real boards need a few dozen. */
enum { MAX_TRIES = 1000000 };

bool layout_is_fixed(const struct image *image)
{
    return image->header.fixed_flash != TBF_NOT_FIXED;
}

bool layout_is_all_fixed(const struct layout_wish *wish)
{
    for (size_t i = 0; i < wish->count; i++)
        if (!layout_is_fixed(&wish->images[i]))
            return false;
    return true;
}

/* Puts one alternative there if flash and RAM are free. */
static bool put(struct layout *layout, const struct layout_wish *wish,
                const struct image *image, uint32_t addr, size_t *at)
{
    struct image_ram ram;

    image_ram_block(layout->region->board, &image->header, &ram);
    if (!layout_fits_at(layout, addr, image->size, at) ||
        layout_ram_clash(layout, &ram) != NULL)
        return false;
    layout_insert(layout, *at,
                  (struct layout_item){
                      .start = addr,
                      .end = addr + image->size,
                      .ram = ram,
                      .image = image,
                      .wish = wish,
                  });
    return true;
}

static bool put_fixed(struct layout *layout, const struct layout_wish *wish,
                      const struct image *image, size_t *at)
{
    uint32_t addr;

    return image_fixed_address(&image->header, &addr) &&
           put(layout, wish, image, addr, at);
}

uint32_t layout_flags(const struct layout_wish *wish, const struct image *image)
{
    return (image->header.flags | wish->set_flags) & ~wish->clear_flags;
}

static bool is_old_place(const struct layout_wish *wish,
                         const struct image *image)
{
    uint32_t addr;

    return wish->old != NULL && image_fixed_address(&image->header, &addr) &&
           addr == wish->old->address;
}

/*
 * Depth first over the wishes from index on; the place of the app that is
 * replaced is tried first. On failure *deepest is the wish that got furthest
 * without finding a place. Depth is at most the number of wishes.
 */
static bool search(struct layout *layout, const struct layout_request *request,
                   size_t index, unsigned *tries, size_t *deepest)
{
    while (index < request->wish_count &&
           !layout_is_all_fixed(&request->wishes[index]))
        index++;
    if (index == request->wish_count)
        return true;
    const struct layout_wish *wish = &request->wishes[index];
    if (index > *deepest)
        *deepest = index;
    for (int want_old = 1; want_old >= 0; want_old--) {
        for (size_t i = 0; i < wish->count && *tries < MAX_TRIES; i++) {
            size_t at;

            if (is_old_place(wish, &wish->images[i]) != want_old)
                continue;
            ++*tries;
            if (!put_fixed(layout, wish, &wish->images[i], &at))
                continue;
            if (search(layout, request, index + 1, tries, deepest))
                return true;
            layout_take_out(layout, at);
        }
    }
    return false;
}

static bool is_placed(const struct layout *layout,
                      const struct layout_wish *wish)
{
    return layout_item_of(layout, wish) != NULL;
}

const struct layout_item *layout_item_of(const struct layout *layout,
                                         const struct layout_wish *wish)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->items[i].wish == wish)
            return &layout->items[i];
    return NULL;
}

/* Where the replaced app stood, if the new one may stand there. */
static void put_in_old_place(struct layout *layout,
                             const struct layout_wish *wish)
{
    size_t at;

    if (wish->old == NULL || is_placed(layout, wish))
        return;
    for (size_t i = 0; i < wish->count; i++)
        if (!layout_is_fixed(&wish->images[i]) &&
            put(layout, wish, &wish->images[i], wish->old->address, &at))
            return;
}

static bool put_anywhere(struct layout *layout, const struct layout_wish *wish)
{
    for (size_t i = 0; i < wish->count; i++) {
        const struct image *image = &wish->images[i];
        uint32_t addr;
        size_t at;

        if (layout_is_fixed(image) && put_fixed(layout, wish, image, &at))
            return true;
        if (!layout_is_fixed(image) &&
            layout_find_place(layout, image->size, &addr, &at) &&
            put(layout, wish, image, addr, &at))
            return true;
    }
    return false;
}

/* The next wish to place: the first, or on ARM, where places are aligned to
 * sizes, the largest, so that the small ones fill the gaps. */
static const struct layout_wish *next_wish(const struct layout *layout,
                                           const struct layout_request *request)
{
    const struct layout_wish *best = NULL;

    for (size_t i = 0; i < request->wish_count; i++) {
        const struct layout_wish *wish = &request->wishes[i];

        if (is_placed(layout, wish))
            continue;
        if (layout->region->board->place != PLACE_ARMV7M)
            return wish;
        if (best == NULL || wish->images[0].size > best->images[0].size)
            best = wish;
    }
    return best;
}

/* --- padding -----------------------------------------------------------------
 */

/* If [start, end) is exactly a run of padding objects, keeps them: returns
 * the index of the first, else the number of objects. */
static size_t padding_run(const struct region *region, uint32_t start,
                          uint32_t end)
{
    size_t first = 0;

    while (first < region->count && region->objects[first].address < start)
        first++;
    for (size_t i = first; i < region->count && start < end; i++) {
        const struct region_object *object = &region->objects[i];

        if (object->address != start || !region_is_padding(object))
            return region->count;
        start += object->size;
    }
    return start == end ? first : region->count;
}

/* Fills [start, end) in front of the item at this index; returns the index
 * behind what was inserted. */
static size_t fill(struct layout *layout, size_t at, uint32_t start,
                   uint32_t end)
{
    const struct region *region = layout->region;
    size_t run = padding_run(region, start, end);

    if (run == region->count) {
        layout_insert(layout, at,
                      (struct layout_item){.start = start, .end = end});
        return at + 1;
    }
    for (; start < end; run++) {
        const struct region_object *object = &region->objects[run];

        start += object->size;
        layout_insert(layout, at++,
                      (struct layout_item){
                          .start = object->address,
                          .end = start,
                          .kept = object,
                      });
    }
    return at;
}

/* The list must end where it did if what stands there must not be touched;
 * padding at the end that nobody asked to change stays as well. */
static void fill_end(struct layout *layout)
{
    const struct region *region = layout->region;
    uint32_t end = layout_end(layout);

    if (end < region->end &&
        (layout->limit == region->end ||
         padding_run(region, end, region->end) != region->count))
        fill(layout, layout->count, end, region->end);
}

static void fill_gaps(struct layout *layout)
{
    for (size_t i = 0; i < layout->count; i++) {
        struct board_area gap = layout_gap_before(layout, i);

        if (gap.size != 0)
            i = fill(layout, i, gap.start, gap.start + gap.size);
    }
    fill_end(layout);
}

/* -----------------------------------------------------------------------------
 */

static void keep_others(struct layout *layout, const bool *is_removed)
{
    const struct region *region = layout->region;

    for (size_t i = 0; i < region->count; i++) {
        const struct region_object *object = &region->objects[i];
        struct layout_item item = {
            .start = object->address,
            .end = object->address + object->size,
            .kept = object,
        };

        if (region_is_padding(object) || (is_removed != NULL && is_removed[i]))
            continue;
        if (region_is_app(object))
            image_ram_block(region->board, &object->header, &item.ram);
        layout_insert(layout, layout->count, item);
    }
}

/* Tells about the wish that failed, with the ones before it in their places:
 * it may be one of them that stands in the way. */
static int search_failed(struct layout *layout,
                         const struct layout_request *request, size_t failed,
                         struct err *e)
{
    for (size_t i = 0; i < failed; i++) {
        const struct layout_wish *wish = &request->wishes[i];
        size_t at;

        for (size_t k = 0; k < wish->count && !is_placed(layout, wish); k++)
            if (put_fixed(layout, wish, &wish->images[k], &at))
                break;
    }
    return layout_why_not(layout, &request->wishes[failed], e);
}

static int place_all(struct layout *layout,
                     const struct layout_request *request, struct err *e)
{
    const struct layout_wish *wish;
    unsigned tries = 0;
    size_t deepest = 0;

    if (!search(layout, request, 0, &tries, &deepest))
        return search_failed(layout, request, deepest, e);
    for (size_t i = 0; i < request->wish_count; i++)
        put_in_old_place(layout, &request->wishes[i]);
    while ((wish = next_wish(layout, request)) != NULL)
        if (!put_anywhere(layout, wish))
            return layout_why_not(layout, wish, e);
    return 0;
}

static void start_with(struct layout *layout, const struct region *region,
                       const bool *is_removed, bool overwrite_tail)
{
    *layout = (struct layout){.region = region};
    layout->limit = region->tail == REGION_TAIL_UNKNOWN && !overwrite_tail
                        ? region->end
                        : region_limit(region);
    keep_others(layout, is_removed);
}

int layout_make(const struct region *region,
                const struct layout_request *request, struct layout *out,
                struct err *e)
{
    start_with(out, region, request->is_removed, request->overwrite_tail);
    if (place_all(out, request, e) != 0) {
        layout_free(out);
        return -1;
    }
    fill_gaps(out);
    return 0;
}

void layout_free(struct layout *layout)
{
    free(layout->items);
    *layout = (struct layout){0};
}

bool layout_largest(const struct region *region, uint32_t *address,
                    uint32_t *size)
{
    struct layout layout;
    size_t at;

    start_with(&layout, region, NULL, false);
    struct board_area gap = layout_largest_gap(&layout);
    bool is_found = gap.size >= TBF_BASE_SIZE;

    *size = gap.size;
    *address = gap.start;
    if (is_found && region->board->place == PLACE_ARMV7M) {
        *size = UINT32_C(1) << log2_floor(gap.size);
        while (!(is_found = layout_find_place(&layout, *size, address, &at)) &&
               *size > TBF_BASE_SIZE)
            *size /= 2;
    }
    layout_free(&layout);
    return is_found;
}
