/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The shortest list of a few that are tried, and of those equally short the
 * one that moves the fewest bytes:
 *
 *   - nobody moves (the rule STAY);
 *   - from there, the last app is taken down into the lowest hole that takes
 *     it, again and again;
 *   - everything that may move is placed afresh, in the order of the list,
 *     or the largest first, which is the densest where places are aligned to
 *     sizes.
 *
 * What may not move: apps linked for an address, and objects that no header
 * describes.
 */

#include "layout_gaps.h"

#include "host/alloc.h"

#include <stdlib.h>

static bool may_move(const struct region_object *object)
{
    return region_is_app(object) && object->status == TBF_OK &&
           object->header.fixed_flash == TBF_NOT_FIXED;
}

/* Bytes of apps that were there and stand elsewhere. */
static uint64_t moved_bytes(const struct layout *layout)
{
    uint64_t moved = 0;

    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_item *item = &layout->items[i];

        if (item->kept != NULL && item->kept->address != item->start)
            moved += item->kept->size;
    }
    return moved;
}

static bool is_better(const struct layout *a, const struct layout *b)
{
    if (layout_end(a) != layout_end(b))
        return layout_end(a) < layout_end(b);
    return moved_bytes(a) < moved_bytes(b);
}

/* --- taking the last app down -------------------------------------------- */

static bool item_may_move(const struct layout_item *item)
{
    if (item->kept != NULL)
        return may_move(item->kept);
    return item->image != NULL && !layout_is_fixed(item->image);
}

static void drop_padding(struct layout *layout)
{
    for (size_t i = layout->count; i-- > 0;) {
        const struct layout_item *item = &layout->items[i];

        if (item->image == NULL &&
            (item->kept == NULL || region_is_padding(item->kept)))
            layout_take_out(layout, i);
    }
}

/* Takes the last item to a lower place; false if there is none. */
static bool lower_last(struct layout *layout)
{
    struct layout_item item = layout->items[layout->count - 1];
    uint32_t size = item.end - item.start;
    uint32_t addr;
    size_t at;
    bool is_lower;

    if (!item_may_move(&item))
        return false;
    layout_take_out(layout, layout->count - 1);
    is_lower =
        layout_find_place(layout, 0, size, &addr, &at) && addr < item.start;
    if (is_lower) {
        item.start = addr;
        item.end = addr + size;
    } else {
        at = layout->count;
    }
    layout_insert(layout, at, item);
    return is_lower;
}

static void lower(struct layout *layout)
{
    drop_padding(layout);
    while (layout->count != 0 && lower_last(layout))
        ;
    layout_fill_gaps(layout);
}

/* --- placing afresh ------------------------------------------------------- */

struct mover {
    const struct region_object *object; /* or */
    const struct layout_wish *wish;
    uint32_t size;
    size_t rank; /* place in the list */
};

static int by_rank(const void *left, const void *right)
{
    const struct mover *a = left;
    const struct mover *b = right;

    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

static int by_size(const void *left, const void *right)
{
    const struct mover *a = left;
    const struct mover *b = right;

    if (a->size != b->size)
        return a->size < b->size ? 1 : -1;
    return by_rank(left, right);
}

static size_t find_movers(const struct layout *layout, struct mover *out)
{
    const struct region *region = layout->region;
    const struct layout_request *request = layout->request;
    size_t count = 0;

    for (size_t i = 0; i < region->count; i++)
        if (layout_must_stay(layout, i) && may_move(&region->objects[i]))
            out[count++] = (struct mover){&region->objects[i], NULL,
                                          region->objects[i].size, i};
    for (size_t i = 0; i < request->wish_count; i++) {
        const struct layout_wish *wish = &request->wishes[i];
        size_t rank = wish->old == NULL ? region->count + i
                                        : (size_t)(wish->old - region->objects);

        if (!layout_is_placed(layout, wish))
            out[count++] =
                (struct mover){NULL, wish, wish->images[0].size, rank};
    }
    return count;
}

static bool put_mover(struct layout *layout, const struct mover *mover)
{
    uint32_t addr;
    size_t at;

    if (mover->wish != NULL)
        return layout_put_anywhere(layout, mover->wish);
    if (!layout_find_place(layout, 0, mover->size, &addr, &at))
        return false;
    layout_keep(layout, mover->object, addr, at);
    return true;
}

static bool put_movers(struct layout *layout,
                       int (*order)(const void *, const void *))
{
    size_t most = layout->region->count + layout->request->wish_count;
    struct mover *movers = alloc_zeroed(most, sizeof *movers);
    size_t count = find_movers(layout, movers);
    bool is_done = true;

    qsort(movers, count, sizeof *movers, order);
    for (size_t i = 0; i < count && is_done; i++)
        is_done = put_mover(layout, &movers[i]);
    free(movers);
    return is_done;
}

static bool place_afresh(struct layout *layout,
                         int (*order)(const void *, const void *))
{
    const struct region *region = layout->region;
    size_t ignored;

    for (size_t i = 0; i < region->count; i++)
        if (layout_must_stay(layout, i) && !may_move(&region->objects[i]))
            layout_keep(layout, &region->objects[i], region->objects[i].address,
                        layout->count);
    if (!layout_put_fixed(layout, &ignored) || !put_movers(layout, order))
        return false;
    layout_fill_gaps(layout);
    return true;
}

/* -------------------------------------------------------------------------- */

static struct layout copy_of(const struct layout *from)
{
    struct layout copy;

    layout_start_with(&copy, from->region, from->request);
    for (size_t i = 0; i < from->count; i++)
        layout_insert(&copy, i, from->items[i]);
    return copy;
}

static void take_if_better(struct layout *best, bool has_best,
                           struct layout *other)
{
    if (has_best && !is_better(other, best)) {
        layout_free(other);
        return;
    }
    layout_free(best);
    *best = *other;
}

/* Would nothing be written but for moving apps? */
static bool changes_nothing(const struct layout *layout)
{
    const struct region *region = layout->region;

    for (size_t i = 0; i < layout->request->wish_count; i++) {
        const struct layout_wish *wish = &layout->request->wishes[i];
        const struct layout_item *item = layout_item_of(layout, wish);

        if (wish->old == NULL || item->start != wish->old->address ||
            image_compare(item->image, layout_flags(wish, item->image),
                          region_bytes_of(region, wish->old),
                          wish->old->size) != IMAGE_SAME)
            return false;
    }
    return layout->request->wish_count != 0;
}

int layout_compact(struct layout *layout, struct err *e)
{
    int (*const orders[])(const void *, const void *) = {by_rank, by_size};
    struct layout other;
    struct err why = {0};
    bool has_best;

    /* What is unknown behind the list must not be moved into. */
    if (layout->limit < region_limit(layout->region) ||
        layout->request->in_order)
        return layout_stay(layout, e);
    layout_start_with(&other, layout->region, layout->request);
    has_best = layout_stay(&other, &why) == 0;
    if (has_best && changes_nothing(&other)) {
        take_if_better(layout, false, &other);
        return 0;
    }
    take_if_better(layout, false, &other);
    if (has_best) {
        other = copy_of(layout);
        lower(&other);
        take_if_better(layout, true, &other);
    }
    for (int i = 0; i < 2; i++) {
        layout_start_with(&other, layout->region, layout->request);
        if (!place_afresh(&other, orders[i])) {
            layout_free(&other);
            continue;
        }
        take_if_better(layout, has_best, &other);
        has_best = true;
    }
    if (has_best)
        return 0;
    *e = why;
    return -1;
}
