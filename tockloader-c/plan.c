/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "plan.h"

#include "host/alloc.h"
#include "tbf/build.h"

#include <stdlib.h>
#include <string.h>

enum { ERASED = 0xff };

void plan_begin(struct plan *plan, const struct board_area *area,
                uint32_t page_size, const uint8_t *have)
{
    *plan = (struct plan){
        .start = area->start,
        .size = area->size,
        .page_size = page_size,
        .have = have,
        .want = alloc_resize(NULL, area->size, 1),
    };
    memcpy(plan->want, have, area->size);
}

static uint8_t *want_at(struct plan *plan, uint32_t addr)
{
    return plan->want + (addr - plan->start);
}

static void write_item(struct plan *plan, const struct layout_item *item)
{
    uint8_t *to = want_at(plan, item->start);

    if (item->image != NULL) {
        uint32_t flags = layout_flags(item->wish, item->image);

        memcpy(to, item->image->bytes, item->image->len);
        memset(to + item->image->len, ERASED,
               item->image->size - item->image->len);
        if (item->image->size != item->image->len)
            tbf_set_total_size(to, item->image->size);
        if (flags != item->image->header.flags)
            tbf_set_flags(to, flags);
    } else if (item->kept == NULL) {
        tbf_build_padding(to, item->end - item->start);
    }
}

static bool is_erased(const uint8_t *bytes, uint32_t len)
{
    return len == 0 ||
           (bytes[0] == ERASED && memcmp(bytes, bytes + 1, len - 1) == 0);
}

/*
 * What stands behind the list must not be taken for more of it. Space that
 * the list gave back is erased. If older leftovers follow, the end is marked
 * the way other loaders do it, by a zero byte.
 */
static void end_list(struct plan *plan, const struct region *region,
                     uint32_t end)
{
    uint32_t left = region_limit(region) - end;
    uint8_t *at = want_at(plan, end);

    if (end == region->end)
        return;
    if (end < region->end)
        memset(at, ERASED, region->end - end);
    if (is_erased(at, left))
        return;
    memset(at, ERASED, left < TBF_BASE_SIZE ? left : TBF_BASE_SIZE);
    at[0] = 0;
}

void plan_region(struct plan *plan, const struct layout *layout)
{
    for (size_t i = 0; i < layout->count; i++)
        write_item(plan, &layout->items[i]);
    end_list(plan, layout->region, layout_end(layout));
}

static void add_op(struct plan *plan, enum plan_kind kind, uint32_t page)
{
    plan->ops = alloc_resize(plan->ops, plan->count + 1, sizeof *plan->ops);
    plan->ops[plan->count++] = (struct plan_op){kind, page};
}

uint32_t plan_changed_in(const struct plan *plan, uint32_t addr, uint32_t len)
{
    const uint8_t *have = plan->have + (addr - plan->start);
    const uint8_t *want = plan->want + (addr - plan->start);
    uint32_t changed = 0;

    for (uint32_t i = 0; i < len; i++)
        changed += have[i] != want[i];
    return changed;
}

/* Has some bit to become 1? Programming cannot do that. */
static bool must_erase(const uint8_t *have, const uint8_t *want, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++)
        if ((want[i] & ~have[i]) != 0)
            return true;
    return false;
}

static void close_page(struct plan *plan, uint32_t off)
{
    const uint8_t *have = plan->have + off;
    const uint8_t *want = plan->want + off;
    uint32_t page = plan->start + off;

    if (memcmp(have, want, plan->page_size) == 0)
        return;
    plan->changed += plan_changed_in(plan, page, plan->page_size);
    if (must_erase(have, want, plan->page_size)) {
        add_op(plan, PLAN_ERASE, page);
        plan->erased++;
    }
    if (!is_erased(want, plan->page_size)) {
        add_op(plan, PLAN_PROGRAM, page);
        plan->programmed++;
    }
}

void plan_close(struct plan *plan)
{
    for (uint32_t off = 0; off < plan->size; off += plan->page_size)
        close_page(plan, off);
}

void plan_free(struct plan *plan)
{
    free(plan->want);
    free(plan->ops);
    *plan = (struct plan){0};
}
