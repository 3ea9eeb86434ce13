/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The RAM of all processes together. The blocks that are taken are kept
 * sorted by address; each app gets the lowest free place that suits it, as
 * the kernel will do it.
 */

#include "layout_gaps.h"

#include "host/alloc.h"

#include <stdlib.h>
#include <string.h>

struct blocks {
    struct image_ram *taken;
    size_t count;
    uint32_t start;
    uint32_t end;
};

const struct tbf_header *layout_header(const struct layout_item *item)
{
    if (item->image != NULL)
        return &item->image->header;
    if (item->kept != NULL && region_is_app(item->kept))
        return &item->kept->header;
    return NULL;
}

/* Does a kernel start it? */
static bool is_started(const struct layout_item *item)
{
    const struct tbf_header *h = layout_header(item);
    uint32_t flags;

    if (h == NULL || item->retires)
        return false;
    flags =
        item->image != NULL ? layout_flags(item->wish, item->image) : h->flags;
    return (flags & TBF_FLAG_ENABLED) != 0;
}

static struct image_ram gap_before(const struct blocks *blocks, size_t at)
{
    uint32_t start = at == 0 ? blocks->start : blocks->taken[at - 1].end;
    uint32_t end = at == blocks->count ? blocks->end : blocks->taken[at].start;

    return (struct image_ram){start, end < start ? start : end};
}

static void take(struct blocks *blocks, size_t at, struct image_ram ram)
{
    memmove(blocks->taken + at + 1, blocks->taken + at,
            (blocks->count - at) * sizeof *blocks->taken);
    blocks->taken[at] = ram;
    blocks->count++;
}

/* At its own address, whatever is there: overlaps are the layout's business. */
static void take_fixed(struct blocks *blocks, struct image_ram ram)
{
    size_t at = 0;

    while (at < blocks->count && blocks->taken[at].start < ram.start)
        at++;
    take(blocks, at, ram);
}

static bool take_any(struct blocks *blocks, enum place_kind kind,
                     struct place_request request)
{
    for (size_t i = 0; i <= blocks->count; i++) {
        struct image_ram gap = gap_before(blocks, i);
        struct place_block block;

        if (gap.end - gap.start < request.app_size)
            continue;
        request.free_start = gap.start;
        request.free_end = gap.end;
        if (place_ram(kind, &request, &block) != PLACE_OK)
            continue;
        take(blocks, i,
             (struct image_ram){block.start, block.start + block.size});
        return true;
    }
    return false;
}

const struct layout_item *layout_without_ram(const struct layout *layout)
{
    const struct board *board = layout->region->board;
    const struct layout_item *without = NULL;
    struct blocks blocks = {
        .taken = alloc_zeroed(layout->count, sizeof *blocks.taken),
        .start = board->app_ram.start,
        .end = board->app_ram.start + board->app_ram.size,
    };

    for (size_t i = 0; i < layout->count; i++)
        if (is_started(&layout->items[i]) &&
            layout->items[i].ram.end != layout->items[i].ram.start)
            take_fixed(&blocks, layout->items[i].ram);
    for (size_t i = 0; i < layout->count && without == NULL; i++) {
        const struct layout_item *item = &layout->items[i];

        if (is_started(item) && item->ram.end == item->ram.start &&
            !take_any(&blocks, board->place,
                      image_ram_request(board, layout_header(item))))
            without = item;
    }
    free(blocks.taken);
    return without;
}
