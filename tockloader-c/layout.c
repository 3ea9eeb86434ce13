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

#include <stdlib.h>
#include <string.h>

/* Tries of the search for fixed addresses; real boards need a few dozen. */
enum { MAX_TRIES = 1000000 };

static void insert(struct layout *layout, size_t at, struct layout_item item)
{
    if (layout->count == layout->room) {
        layout->room = layout->room == 0 ? 16 : 2 * layout->room;
        layout->items =
            alloc_resize(layout->items, layout->room, sizeof *layout->items);
    }
    memmove(layout->items + at + 1, layout->items + at,
            (layout->count - at) * sizeof *layout->items);
    layout->items[at] = item;
    layout->count++;
}

static void take_out(struct layout *layout, size_t at)
{
    layout->count--;
    memmove(layout->items + at, layout->items + at + 1,
            (layout->count - at) * sizeof *layout->items);
}

static uint32_t region_start(const struct layout *layout)
{
    return layout->region->board->apps.start;
}

uint32_t layout_end(const struct layout *layout)
{
    return layout->count == 0 ? region_start(layout)
                              : layout->items[layout->count - 1].end;
}

/* Index of the first item that ends above addr. */
static size_t first_above(const struct layout *layout, uint32_t addr)
{
    size_t low = 0;
    size_t high = layout->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (layout->items[middle].end > addr)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The free range in front of the item at this index, or behind the last. */
static struct board_area gap_before(const struct layout *layout, size_t at)
{
    uint32_t start = at == 0 ? region_start(layout) : layout->items[at - 1].end;
    uint32_t end =
        at == layout->count ? layout->limit : layout->items[at].start;

    return (struct board_area){start, end < start ? 0 : end - start};
}

/* A rest must be able to hold a padding object. */
static bool is_fillable(uint32_t rest)
{
    return rest == 0 || rest >= TBF_BASE_SIZE;
}

/*
 * May an object stand at [addr, addr + size)? On true, *at is where its item
 * goes. The rest at the end of the region is no hole and needs no padding.
 */
static bool fits_at(const struct layout *layout, uint32_t addr, uint32_t size,
                    size_t *at)
{
    *at = first_above(layout, addr);
    struct board_area gap = gap_before(layout, *at);
    uint32_t gap_end = gap.start + gap.size;

    if (addr % 4 != 0 || !range_inside(addr, size, gap.start, gap_end))
        return false;
    return is_fillable(addr - gap.start) &&
           (*at == layout->count || is_fillable(gap_end - addr - size)) &&
           place_flash_fits(layout->region->board->place, addr, size);
}

/* The lowest place for a position-independent object. */
static bool find_place(const struct layout *layout, uint32_t size,
                       uint32_t *addr, size_t *at)
{
    enum place_kind kind = layout->region->board->place;

    for (size_t i = 0; i <= layout->count; i++) {
        struct board_area gap = gap_before(layout, i);
        uint32_t from = gap.start;

        while (gap.size >= size && place_flash_next(kind, from, size, addr) &&
               *addr - gap.start <= gap.size - size) {
            if (fits_at(layout, *addr, size, at))
                return true;
            from = *addr + 4;
        }
    }
    return false;
}

/* The item whose process needs some of this RAM; null if none does. */
static const struct layout_item *ram_clash(const struct layout *layout,
                                           const struct image_ram *ram)
{
    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_item *item = &layout->items[i];

        if (ram->start < item->ram.end && item->ram.start < ram->end)
            return item;
    }
    return NULL;
}

static bool is_fixed(const struct image *image)
{
    return image->header.fixed_flash != TBF_NOT_FIXED;
}

static bool needs_search(const struct layout_wish *wish)
{
    for (size_t i = 0; i < wish->count; i++)
        if (!is_fixed(&wish->images[i]))
            return false;
    return true;
}

/* Puts one alternative there if flash and RAM are free. */
static bool put(struct layout *layout, const struct layout_wish *wish,
                const struct image *image, uint32_t addr, size_t *at)
{
    struct image_ram ram;

    image_ram_block(layout->region->board, &image->header, &ram);
    if (!fits_at(layout, addr, image->size, at) ||
        ram_clash(layout, &ram) != NULL)
        return false;
    insert(layout, *at,
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
           !needs_search(&request->wishes[index]))
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
            take_out(layout, at);
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
        if (!is_fixed(&wish->images[i]) &&
            put(layout, wish, &wish->images[i], wish->old->address, &at))
            return;
}

static bool put_anywhere(struct layout *layout, const struct layout_wish *wish)
{
    for (size_t i = 0; i < wish->count; i++) {
        const struct image *image = &wish->images[i];
        uint32_t addr;
        size_t at;

        if (is_fixed(image) && put_fixed(layout, wish, image, &at))
            return true;
        if (!is_fixed(image) && find_place(layout, image->size, &addr, &at) &&
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

/* --- what stands in the way ------------------------------------------------
 */

static void append(char *text, size_t room, const char *more)
{
    size_t len = strlen(text);

    snprintf(text + len, room - len, "%s", more);
}

static void name_of(const struct layout_item *item, char *out, size_t room)
{
    const struct tbf_header *h =
        item->image != NULL ? &item->image->header : &item->kept->header;
    bool is_app = item->image != NULL || region_is_app(item->kept);

    if (is_app && h->name_len != 0)
        snprintf(out, room, "'%.*s'", (int)h->name_len, h->name);
    else
        snprintf(out, room, "the object at 0x%08x", item->start);
}

/* Why this alternative cannot be used: " 0x80100000 (taken by 'hello')". */
static void explain(const struct layout *layout, const struct image *image,
                    char *out, size_t room)
{
    char name[80];
    uint32_t addr = 0;
    struct image_ram ram;
    bool has_addr = image_fixed_address(&image->header, &addr);
    size_t above = first_above(layout, addr);

    image_ram_block(layout->region->board, &image->header, &ram);
    const struct layout_item *clash = ram_clash(layout, &ram);

    if (!has_addr ||
        !range_inside(addr, image->size, region_start(layout), layout->limit)) {
        snprintf(out, room, " 0x%08x (outside the app region)",
                 image->header.fixed_flash);
    } else if (above < layout->count &&
               layout->items[above].start < addr + image->size) {
        name_of(&layout->items[above], name, sizeof name);
        snprintf(out, room, " 0x%08x (taken by %s)", addr, name);
    } else if (clash != NULL) {
        name_of(clash, name, sizeof name);
        snprintf(out, room, " 0x%08x (its RAM at 0x%08x is needed by %s)", addr,
                 ram.start, name);
    } else {
        snprintf(out, room, " 0x%08x (cannot be mapped there)", addr);
    }
}

static bool is_outside(const struct layout *layout, const struct image *image)
{
    const struct region *region = layout->region;
    uint32_t addr;

    return is_fixed(image) &&
           (!image_fixed_address(&image->header, &addr) ||
            !range_inside(addr, image->size, region->board->apps.start,
                          region_limit(region)));
}

static int no_fixed_place(const struct layout *layout,
                          const struct layout_wish *wish, struct err *e)
{
    const struct tbf_header *h = &wish->images[0].header;
    char places[400] = "";
    bool all_outside = true;

    for (size_t i = 0; i < wish->count; i++) {
        char one[160];

        explain(layout, &wish->images[i], one, sizeof one);
        append(places, sizeof places, i == 0 ? "" : ",");
        append(places, sizeof places, one);
        all_outside = all_outside && is_outside(layout, &wish->images[i]);
    }
    err_set(e, all_outside ? ERR_INPUT : ERR_STATE,
            "no place for '%.*s', which is linked for%s", (int)h->name_len,
            h->name, places);
    if (all_outside)
        return err_hint(e,
                        "the app region is 0x%08x to 0x%08x: link the app for "
                        "addresses in it",
                        region_start(layout), region_limit(layout->region) - 1);
    return err_hint(e, "uninstall what stands there, or link the app for one "
                       "more pair of addresses");
}

static struct board_area largest_gap(const struct layout *layout)
{
    struct board_area best = {0, 0};

    for (size_t i = 0; i <= layout->count; i++) {
        struct board_area gap = gap_before(layout, i);

        if (gap.size > best.size)
            best = gap;
    }
    return best;
}

static int no_room(const struct layout *layout, const struct layout_wish *wish,
                   struct err *e)
{
    const struct image *image = &wish->images[0];
    const struct tbf_header *h = &image->header;
    struct board_area gap = largest_gap(layout);

    err_set(e, ERR_STATE,
            "no room for '%.*s': it needs %u bytes, the largest free place "
            "has %u at 0x%08x",
            (int)h->name_len, h->name, image->size, gap.size, gap.start);
    return err_hint(e, "`tockloader-c map` shows what stands where; "
                       "`tockloader-c uninstall NAME` makes room");
}

static int unknown_tail(const struct region *region, struct err *e)
{
    if (region->has_hidden)
        err_set(e, ERR_STATE,
                "the list of apps ends at 0x%08x, but a whole app '%.*s' "
                "stands behind it at 0x%08x and would be lost",
                region->end, (int)region->hidden.header.name_len,
                region->hidden.header.name, region->hidden.address);
    else
        err_set(e, ERR_STATE,
                "the list of apps ends at 0x%08x in bytes that are neither an "
                "app nor erased",
                region->end);
    return err_hint(e, "keep a copy of the flash image, then repeat the "
                       "command with --force to overwrite them");
}

static int no_place(const struct layout *layout, const struct layout_wish *wish,
                    struct err *e)
{
    if (layout->limit < region_limit(layout->region))
        return unknown_tail(layout->region, e);
    if (needs_search(wish))
        return no_fixed_place(layout, wish, e);
    return no_room(layout, wish, e);
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
        insert(layout, at, (struct layout_item){.start = start, .end = end});
        return at + 1;
    }
    for (; start < end; run++) {
        const struct region_object *object = &region->objects[run];

        start += object->size;
        insert(layout, at++,
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
        struct board_area gap = gap_before(layout, i);

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
        insert(layout, layout->count, item);
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
    return no_place(layout, &request->wishes[failed], e);
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
            return no_place(layout, wish, e);
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
    struct board_area gap = largest_gap(&layout);
    bool is_found = gap.size >= TBF_BASE_SIZE;

    *size = gap.size;
    *address = gap.start;
    if (is_found && region->board->place == PLACE_ARMV7M) {
        *size = UINT32_C(1) << log2_floor(gap.size);
        while (!(is_found = find_place(&layout, *size, address, &at)) &&
               *size > TBF_BASE_SIZE)
            *size /= 2;
    }
    layout_free(&layout);
    return is_found;
}
