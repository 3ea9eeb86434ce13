/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The items are kept sorted by address from the start: first the objects that
 * stay, then each new app is inserted. Whether an app may stand somewhere is
 * answered by looking at its two neighbours, and taking a choice back is
 * removing the item again. Last, gaps are filled with padding.
 */

#include "layout.h"

#include "base/bits.h"
#include "host/alloc.h"
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

static size_t index_of(const struct layout *layout,
                       const struct layout_wish *wish)
{
    return (size_t)(wish - layout->request->wishes);
}

bool layout_is_placed(const struct layout *layout,
                      const struct layout_wish *wish)
{
    return layout->is_placed[index_of(layout, wish)];
}

bool layout_put(struct layout *layout, const struct layout_wish *wish,
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
    layout->is_placed[index_of(layout, wish)] = true;
    return true;
}

static bool put_fixed(struct layout *layout, const struct layout_wish *wish,
                      const struct image *image, size_t *at)
{
    uint32_t addr;

    return image_fixed_address(&image->header, &addr) &&
           layout_put(layout, wish, image, addr, at);
}

static void take_back(struct layout *layout, const struct layout_wish *wish,
                      size_t at)
{
    layout_take_out(layout, at);
    layout->is_placed[index_of(layout, wish)] = false;
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
static bool search(struct layout *layout, size_t index, unsigned *tries,
                   size_t *deepest)
{
    const struct layout_request *request = layout->request;

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
            if (search(layout, index + 1, tries, deepest))
                return true;
            take_back(layout, wish, at);
        }
    }
    return false;
}

bool layout_put_fixed(struct layout *layout, size_t *failed)
{
    unsigned tries = 0;

    *failed = 0;
    return search(layout, 0, &tries, failed);
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

    if (wish->old == NULL || layout_is_placed(layout, wish))
        return;
    for (size_t i = 0; i < wish->count; i++)
        if (!layout_is_fixed(&wish->images[i]) &&
            layout_put(layout, wish, &wish->images[i], wish->old->address, &at))
            return;
}

bool layout_put_anywhere(struct layout *layout, const struct layout_wish *wish)
{
    uint32_t from =
        layout->request->in_order ? layout_end(layout) : layout_start(layout);

    for (size_t i = 0; i < wish->count; i++) {
        const struct image *image = &wish->images[i];
        uint32_t addr;
        size_t at;

        if (layout_is_fixed(image) && put_fixed(layout, wish, image, &at))
            return true;
        if (!layout_is_fixed(image) &&
            layout_find_place(layout, from, image->size, &addr, &at) &&
            layout_put(layout, wish, image, addr, &at))
            return true;
    }
    return false;
}

/* By size, the largest first; those of one size as they were given. */
static int compare_sizes(const void *left, const void *right)
{
    const struct layout_wish *a = *(const struct layout_wish *const *)left;
    const struct layout_wish *b = *(const struct layout_wish *const *)right;

    if (a->images[0].size != b->images[0].size)
        return a->images[0].size < b->images[0].size ? 1 : -1;
    return a < b ? -1 : 1;
}

/* The rest of the wishes as given, or, where places are aligned to sizes,
 * the largest first, so that the small ones fill the gaps. */
static const struct layout_wish *put_the_rest(struct layout *layout)
{
    const struct layout_request *request = layout->request;
    const struct layout_wish **order =
        alloc_zeroed(request->wish_count, sizeof(struct layout_wish *));
    const struct layout_wish *failed = NULL;

    for (size_t i = 0; i < request->wish_count; i++)
        order[i] = &request->wishes[i];
    if (layout->region->board->place == PLACE_ARMV7M && !request->in_order)
        qsort(order, request->wish_count, sizeof(struct layout_wish *),
              compare_sizes);
    for (size_t i = 0; i < request->wish_count && failed == NULL; i++)
        if (!layout_is_placed(layout, order[i]) &&
            !layout_put_anywhere(layout, order[i]))
            failed = order[i];
    free(order);
    return failed;
}

/* --- padding -------------------------------------------------------------- */

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

void layout_fill_gaps(struct layout *layout)
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

bool layout_must_stay(const struct layout *layout, size_t index)
{
    const struct region_object *object = &layout->region->objects[index];
    const bool *is_removed = layout->request->is_removed;

    return !region_is_padding(object) && !object->is_retired &&
           (is_removed == NULL || !is_removed[index]);
}

void layout_keep(struct layout *layout, const struct region_object *object,
                 uint32_t start, size_t at)
{
    struct layout_item item = {
        .start = start,
        .end = start + object->size,
        .kept = object,
    };

    if (region_is_app(object))
        image_ram_block(layout->region->board, &object->header, &item.ram);
    layout_insert(layout, at, item);
}

/* Tells about the wish that failed, with the ones before it in their places:
 * it may be one of them that stands in the way. */
static int search_failed(struct layout *layout, size_t failed, struct err *e)
{
    const struct layout_wish *wishes = layout->request->wishes;

    for (size_t i = 0; i < failed; i++) {
        const struct layout_wish *wish = &wishes[i];
        size_t at;

        for (size_t k = 0; k < wish->count && !layout_is_placed(layout, wish);
             k++)
            if (put_fixed(layout, wish, &wish->images[k], &at))
                break;
    }
    return layout_why_not(layout, &wishes[failed], e);
}

static int place_all(struct layout *layout, struct err *e)
{
    const struct layout_wish *without;
    size_t failed;

    if (!layout_put_fixed(layout, &failed))
        return search_failed(layout, failed, e);
    for (size_t i = 0; i < layout->request->wish_count; i++)
        put_in_old_place(layout, &layout->request->wishes[i]);
    without = put_the_rest(layout);
    return without == NULL ? 0 : layout_why_not(layout, without, e);
}

void layout_start_with(struct layout *layout, const struct region *region,
                       const struct layout_request *request)
{
    *layout = (struct layout){
        .region = region,
        .request = request,
        .is_placed = alloc_zeroed(request->wish_count, sizeof(bool)),
        .limit = region->tail == REGION_TAIL_UNKNOWN && !request->overwrite_tail
                     ? region->end
                     : region_limit(region),
    };
}

static void keep_all(struct layout *layout)
{
    const struct region *region = layout->region;

    for (size_t i = 0; i < region->count; i++)
        if (layout_must_stay(layout, i))
            layout_keep(layout, &region->objects[i], region->objects[i].address,
                        layout->count);
}

int layout_stay(struct layout *layout, struct err *e)
{
    keep_all(layout);
    if (place_all(layout, e) != 0)
        return -1;
    layout_fill_gaps(layout);
    return 0;
}

int layout_make(const struct region *region,
                const struct layout_request *request, struct layout *out,
                struct err *e)
{
    int result = -1;

    layout_start_with(out, region, request);
    switch (request->rule) {
    case LAYOUT_STAY:
        result = layout_stay(out, e);
        break;
    case LAYOUT_COMPACT:
        result = layout_compact(out, e);
        break;
    case LAYOUT_APPEND:
        result = layout_append(out, e);
        break;
    }
    if (result != 0)
        layout_free(out);
    return result;
}

void layout_free(struct layout *layout)
{
    free(layout->items);
    free(layout->is_placed);
    *layout = (struct layout){0};
}

bool layout_keeps(const struct layout *layout,
                  const struct region_object *object)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->items[i].kept == object)
            return !layout->items[i].retires;
    return false;
}

bool layout_largest(const struct region *region, uint32_t *address,
                    uint32_t *size)
{
    const struct layout_request nothing = {0};
    struct layout layout;
    size_t at;

    layout_start_with(&layout, region, &nothing);
    keep_all(&layout);
    struct board_area gap = layout_largest_gap(&layout);
    bool is_found = gap.size >= TBF_BASE_SIZE;

    *size = gap.size;
    *address = gap.start;
    if (is_found && region->board->place == PLACE_ARMV7M) {
        *size = UINT32_C(1) << log2_floor(gap.size);
        while (
            !(is_found = layout_find_place(&layout, 0, *size, address, &at)) &&
            *size > TBF_BASE_SIZE)
            *size /= 2;
    }
    layout_free(&layout);
    return is_found;
}
