/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The rule APPEND. First the list as it is: what stays, what retires in its
 * place, what is dead at the end and given back. Then the new apps, one after
 * the other, each at the first page where the hardware can map it; of those
 * that are left, always the one that can begin lowest. So the places do not
 * depend on how many of them an interrupted command has put there already.
 */

#include "base/bits.h"
#include "layout_gaps.h"
#include "layout_why.h"
#include "tbf/build.h"
#include "tbf/clear.h"

#include <string.h>

enum { ERASED = 0xff, LARGEST_UNIT = 8 };

/* --- the list as it is ---------------------------------------------------- */

static const struct layout_wish *wish_of(const struct layout_request *request,
                                         const struct region_object *object)
{
    for (size_t i = 0; i < request->wish_count; i++)
        if (request->wishes[i].old == object)
            return &request->wishes[i];
    return NULL;
}

/* Does clearing bits suffice to disable what stands there? */
static bool can_disable(const struct layout *layout, const uint8_t *bytes)
{
    uint8_t base[TBF_BASE_SIZE];

    memcpy(base, bytes, sizeof base);
    return layout->request->write_unit <= 4 && tbf_clear_enabled(base);
}

/* Can the object become this image where it stands? */
static bool is_reachable(const struct layout *layout,
                         const struct layout_wish *wish,
                         const struct image *image)
{
    const struct region_object *old = wish->old;
    const uint8_t *bytes = region_bytes_of(layout->region, old);
    uint32_t flags = layout_flags(wish, image);

    switch (image_compare(image, flags, bytes, old->size)) {
    case IMAGE_SAME:
        return true;
    case IMAGE_OTHER_FLAGS:
        return flags == (old->header.flags & ~TBF_FLAG_ENABLED) &&
               can_disable(layout, bytes);
    default:
        return false;
    }
}

static const struct image *in_place(const struct layout *layout,
                                    const struct layout_wish *wish)
{
    for (size_t i = 0; wish->old != NULL && i < wish->count; i++)
        if (is_reachable(layout, wish, &wish->images[i]))
            return &wish->images[i];
    return NULL;
}

static bool is_removed(const struct layout *layout, size_t index)
{
    const bool *removed = layout->request->is_removed;

    return removed != NULL && removed[index];
}

/* Dead as soon as the command begins. */
static bool is_dead(const struct layout *layout, size_t index)
{
    const struct region_object *object = &layout->region->objects[index];

    return region_is_padding(object) || object->is_retired ||
           (is_removed(layout, index) &&
            wish_of(layout->request, object) == NULL);
}

/* Something has to be put behind the list, or is removed from it. */
static bool changes_list(const struct layout *layout)
{
    const struct layout_request *request = layout->request;

    for (size_t i = 0; i < request->wish_count; i++)
        if (in_place(layout, &request->wishes[i]) == NULL)
            return true;
    for (size_t i = 0; i < layout->region->count; i++)
        if (is_removed(layout, i) &&
            wish_of(request, &layout->region->objects[i]) == NULL)
            return true;
    return false;
}

/*
 * Where the list will end before something is put there: in front of the dead
 * objects at its end, at the start of a page, because nothing can be written
 * again without erasing the page.
 */
static uint32_t end_without_dead(const struct layout *layout)
{
    const struct region *region = layout->region;
    uint32_t end = region->end;

    for (size_t i = region->count; i > 0 && is_dead(layout, i - 1); i--)
        if (region->objects[i - 1].address % region->board->page_size == 0)
            end = region->objects[i - 1].address;
    return end;
}

/* Will an enabled app of that name be there? */
static bool has_live_namesake(const struct layout *layout,
                              const struct tbf_header *header)
{
    const struct layout_request *request = layout->request;
    const struct region *region = layout->region;

    for (size_t i = 0; i < request->wish_count; i++) {
        const struct layout_wish *wish = &request->wishes[i];

        if (region_is_named(&wish->images[0].header, header->name,
                            header->name_len) &&
            (layout_flags(wish, &wish->images[0]) & TBF_FLAG_ENABLED) != 0)
            return true;
    }
    for (size_t i = 0; i < region->count; i++)
        if (!is_removed(layout, i) && region_is_app(&region->objects[i]) &&
            (region->objects[i].header.flags & TBF_FLAG_ENABLED) != 0 &&
            region_is_named(&region->objects[i].header, header->name,
                            header->name_len))
            return true;
    return false;
}

/* A retired copy with a good header would be taken for a disabled app when
 * its successor is gone. */
static bool loses_successor(const struct layout *layout,
                            const struct region_object *object)
{
    return object->is_retired && object->status == TBF_OK &&
           !has_live_namesake(layout, &object->header);
}

static void keep_object(struct layout *layout, size_t index)
{
    const struct region_object *object = &layout->region->objects[index];
    const struct layout_wish *wish = wish_of(layout->request, object);
    const struct image *same = wish == NULL ? NULL : in_place(layout, wish);
    struct layout_item *item;

    layout_keep(layout, object, object->address, layout->count);
    item = &layout->items[layout->count - 1];
    if (same != NULL) {
        item->image = same;
        item->wish = wish;
        layout->is_placed[wish - layout->request->wishes] = true;
    } else if (is_removed(layout, index) || loses_successor(layout, object)) {
        item->retires = true;
        item->ram = (struct image_ram){0, 0};
    }
}

/* --- what is new ---------------------------------------------------------- */

/* What stands at the end of the list, as a header is programmed there. */
static void header_at_end(const struct layout *layout,
                          uint8_t header[TBF_BASE_SIZE])
{
    const struct layout_item *item =
        &layout->items[layout_first_above(layout, layout->append)];

    tbf_build_padding(header, item->end - item->start);
}

/* Do only bits have to be cleared? */
static bool only_clears(const uint8_t *from, const uint8_t *to, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++)
        if ((to[i] & ~from[i]) != 0)
            return false;
    return true;
}

/* Can a header be programmed at the end of the list? In the middle of a page
 * only where nothing has been programmed yet, or by this very command before
 * it was cut. */
static int check_end(const struct layout *layout, struct err *e)
{
    const struct region *region = layout->region;
    uint32_t into = layout->append % region->board->page_size;
    uint32_t left = region->board->page_size - into;
    uint32_t len = left < TBF_BASE_SIZE ? left : TBF_BASE_SIZE;
    const uint8_t *bytes =
        region->bytes + (layout->append - region->board->apps.start);
    uint8_t header[TBF_BASE_SIZE];

    if (into == 0)
        return 0;
    header_at_end(layout, header);
    if (layout->append % layout->request->write_unit == 0 &&
        only_clears(bytes, header, len))
        return 0;
    err_set(e, ERR_STATE,
            "the list of apps ends at 0x%08x in a page that also holds an app "
            "and has been written behind it: nothing can be appended without "
            "erasing that app for a moment",
            layout->append);
    return err_hint(e, "repeat the command that was cut off, or rewrite the "
                       "list with a copy of it on the host: `tockloader-c "
                       "install --in-place --force`");
}

/* Behind cursor, padding in front of it not too small. */
static bool is_clear_of(uint32_t addr, uint32_t cursor)
{
    return addr == cursor || (addr > cursor && addr - cursor >= TBF_BASE_SIZE);
}

/* The page where the object's own bytes end; room for a padding object that
 * fills it is left. */
static uint64_t end_of_pages(const struct layout *layout, uint32_t end)
{
    uint32_t page = layout->region->board->page_size;
    uint64_t up = align_up_u64(end, page);

    return up != end && up - end < TBF_BASE_SIZE ? up + page : up;
}

static bool has_room(const struct layout *layout, const struct image *image,
                     uint32_t addr)
{
    uint32_t end;

    return !add_overflows_u32(addr, image->size, &end) &&
           end_of_pages(layout, end) <= layout->limit;
}

/* The lowest place at or behind the cursor for one alternative. */
static bool lowest_place(const struct layout *layout, const struct image *image,
                         uint32_t cursor, uint32_t *out)
{
    const struct board *board = layout->region->board;
    uint32_t first = (uint32_t)align_up_u64(cursor, board->page_size);
    uint32_t from = first;
    struct image_ram ram;

    image_ram_block(board, &image->header, &ram);
    if (layout_ram_clash(layout, &ram) != NULL)
        return false;
    if (layout_is_fixed(image))
        return image_fixed_address(&image->header, out) && *out >= first &&
               is_clear_of(*out, cursor) && has_room(layout, image, *out) &&
               place_flash_fits(board->place, *out, image->size);
    while (place_flash_next(board->place, from, image->size, out) &&
           has_room(layout, image, *out)) {
        if (*out % board->page_size == 0 && is_clear_of(*out, cursor))
            return true;
        from = (uint32_t)align_up_u64((uint64_t)*out + 1, board->page_size);
    }
    return false;
}

struct choice {
    const struct layout_wish *wish;
    const struct image *image;
    uint32_t addr;
};

static struct choice choose_next(const struct layout *layout, uint32_t cursor)
{
    const struct layout_request *request = layout->request;
    struct choice best = {NULL, NULL, 0};

    for (size_t i = 0; i < request->wish_count; i++) {
        const struct layout_wish *wish = &request->wishes[i];

        for (size_t k = 0; !layout->is_placed[i] && k < wish->count; k++) {
            uint32_t addr;

            if (lowest_place(layout, &wish->images[k], cursor, &addr) &&
                (best.wish == NULL || addr < best.addr))
                best = (struct choice){wish, &wish->images[k], addr};
        }
    }
    return best;
}

static void add_padding(struct layout *layout, uint32_t start, uint32_t end)
{
    if (start != end)
        layout_insert(layout, layout->count,
                      (struct layout_item){.start = start, .end = end});
}

/* Returns the end of the list then. */
static uint32_t add_choice(struct layout *layout, uint32_t cursor,
                           const struct choice *choice)
{
    uint32_t end = choice->addr + choice->image->size;
    uint32_t full = (uint32_t)end_of_pages(layout, end);
    struct layout_item item = {
        .start = choice->addr,
        .end = end,
        .image = choice->image,
        .wish = choice->wish,
    };

    image_ram_block(layout->region->board, &choice->image->header, &item.ram);
    add_padding(layout, cursor, choice->addr);
    layout_insert(layout, layout->count, item);
    add_padding(layout, end, full);
    layout->is_placed[choice->wish - layout->request->wishes] = true;
    return full;
}

static const struct layout_wish *unplaced(const struct layout *layout)
{
    for (size_t i = 0; i < layout->request->wish_count; i++)
        if (!layout->is_placed[i])
            return &layout->request->wishes[i];
    return NULL;
}

/* What the layout puts at this address behind the list. The first bytes of an
 * object, which flags change, say nothing: any byte will do. */
static uint8_t wanted_at(const struct layout *layout, uint32_t addr)
{
    size_t at = layout_first_above(layout, addr);
    const struct layout_item *item = &layout->items[at];

    if (at == layout->count)
        return ERASED;
    if (addr - item->start < TBF_BASE_SIZE)
        return 0;
    if (item->image != NULL && addr - item->start < item->image->len)
        return item->image->bytes[addr - item->start];
    return ERASED;
}

/*
 * May what stands behind the list be what an interruption of this very command
 * has left? Then no bit is programmed that the command does not program; pages
 * whose erasing was cut may be blank or zero.
 */
static bool is_our_own(const struct layout *layout)
{
    const struct region *region = layout->region;
    const uint8_t *tail =
        region->bytes + (region->end - region->board->apps.start);
    uint32_t len = region_limit(region) - region->end;

    for (uint32_t i = 0; i < len; i++)
        if (tail[i] != ERASED && tail[i] != 0 &&
            (wanted_at(layout, region->end + i) & ~tail[i]) != 0)
            return false;
    return true;
}

/* A whole app that the list does not reach may be somebody's; bytes without
 * one are not worth more than the tail of a cut command. */
static int check_tail(const struct layout *layout, struct err *e)
{
    const struct region *region = layout->region;

    if (region->tail != REGION_TAIL_UNKNOWN || !region->has_hidden ||
        layout->request->overwrite_tail || is_our_own(layout))
        return 0;
    return layout_why_tail(region, e);
}

/* Flags and total size may not share a unit (docs/update-safety.md). */
static int check_unit(uint32_t write_unit, struct err *e)
{
    if (write_unit <= LARGEST_UNIT)
        return 0;
    err_set(e, ERR_STATE,
            "flash that is programmed in units of %u bytes cannot be changed "
            "so that no interruption loses an app",
            write_unit);
    return err_hint(e, "`tockloader-c install --in-place` rewrites the list "
                       "with a copy on the host");
}

int layout_append(struct layout *layout, struct err *e)
{
    const struct region *region = layout->region;
    uint32_t cursor;

    if (check_unit(layout->request->write_unit, e) != 0)
        return -1;
    layout->limit = region_limit(region);
    layout->append =
        changes_list(layout) ? end_without_dead(layout) : region->end;
    for (size_t i = 0; i < region->count; i++)
        if (region->objects[i].address < layout->append)
            keep_object(layout, i);
    if (unplaced(layout) == NULL)
        return 0;
    cursor = layout->append;
    for (;;) {
        struct choice choice = choose_next(layout, cursor);

        if (choice.wish == NULL)
            break;
        cursor = add_choice(layout, cursor, &choice);
    }
    if (unplaced(layout) != NULL)
        return layout_why_not_behind(layout, unplaced(layout), cursor, e);
    return check_end(layout, e) == 0 ? check_tail(layout, e) : -1;
}
