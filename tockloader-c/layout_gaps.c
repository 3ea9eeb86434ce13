/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "layout_gaps.h"

#include "base/bits.h"
#include "host/alloc.h"

#include <string.h>

uint32_t layout_start(const struct layout *layout)
{
    return layout->region->board->apps.start;
}

void layout_insert(struct layout *layout, size_t at, struct layout_item item)
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

void layout_take_out(struct layout *layout, size_t at)
{
    layout->count--;
    memmove(layout->items + at, layout->items + at + 1,
            (layout->count - at) * sizeof *layout->items);
}

uint32_t layout_end(const struct layout *layout)
{
    return layout->count == 0 ? layout_start(layout)
                              : layout->items[layout->count - 1].end;
}

/* Index of the first item that ends above addr. */
size_t layout_first_above(const struct layout *layout, uint32_t addr)
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
struct board_area layout_gap_before(const struct layout *layout, size_t at)
{
    uint32_t start = at == 0 ? layout_start(layout) : layout->items[at - 1].end;
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
bool layout_fits_at(const struct layout *layout, uint32_t addr, uint32_t size,
                    size_t *at)
{
    *at = layout_first_above(layout, addr);
    struct board_area gap = layout_gap_before(layout, *at);
    uint32_t gap_end = gap.start + gap.size;

    if (addr % 4 != 0 || !range_inside(addr, size, gap.start, gap_end))
        return false;
    return is_fillable(addr - gap.start) &&
           (*at == layout->count || is_fillable(gap_end - addr - size)) &&
           place_flash_fits(layout->region->board->place, addr, size);
}

bool layout_find_place(const struct layout *layout, uint32_t lowest,
                       uint32_t size, uint32_t *addr, size_t *at)
{
    enum place_kind kind = layout->region->board->place;

    for (size_t i = layout_first_above(layout, lowest); i <= layout->count;
         i++) {
        struct board_area gap = layout_gap_before(layout, i);
        uint32_t from = gap.start < lowest ? lowest : gap.start;

        while (gap.size >= size && place_flash_next(kind, from, size, addr) &&
               *addr - gap.start <= gap.size - size) {
            if (layout_fits_at(layout, *addr, size, at))
                return true;
            from = *addr + 4;
        }
    }
    return false;
}

/* The item whose process needs some of this RAM; null if none does. */
const struct layout_item *layout_ram_clash(const struct layout *layout,
                                           const struct image_ram *ram)
{
    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_item *item = &layout->items[i];

        if (ram->start < item->ram.end && item->ram.start < ram->end)
            return item;
    }
    return NULL;
}

struct board_area layout_largest_gap(const struct layout *layout)
{
    struct board_area best = {0, 0};

    for (size_t i = 0; i <= layout->count; i++) {
        struct board_area gap = layout_gap_before(layout, i);

        if (gap.size > best.size)
            best = gap;
    }
    return best;
}
