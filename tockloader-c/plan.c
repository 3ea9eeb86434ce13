/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "plan.h"

#include "host/alloc.h"
#include "plan_ops.h"
#include "tbf/build.h"
#include "tbf/clear.h"

#include <stdlib.h>

void plan_begin(struct plan *plan, const struct board_area *area,
                uint32_t page_size, uint32_t write_unit, const uint8_t *have)
{
    *plan = (struct plan){
        .start = area->start,
        .size = area->size,
        .page_size = page_size,
        .write_unit = write_unit,
        .have = have,
        .want = alloc_resize(NULL, area->size, 1),
        .is_erased = alloc_zeroed(area->size / page_size, sizeof(bool)),
    };
    memcpy(plan->want, have, area->size);
}

void plan_free(struct plan *plan)
{
    free(plan->want);
    free(plan->ops);
    free(plan->is_erased);
    *plan = (struct plan){0};
}

uint32_t plan_changed_in(const struct plan *plan, uint32_t addr, uint32_t len)
{
    const uint8_t *have = plan_have(plan, addr);
    const uint8_t *want = plan_want(plan, addr);
    uint32_t changed = 0;

    for (uint32_t i = 0; i < len; i++)
        changed += have[i] != want[i];
    return changed;
}

/* --- rewriting page by page ----------------------------------------------- */

/* Has some bit to become 1? Programming cannot do that. */
static bool must_erase(const uint8_t *have, const uint8_t *want, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++)
        if ((want[i] & ~have[i]) != 0)
            return true;
    return false;
}

void plan_close(struct plan *plan)
{
    for (uint32_t off = 0; off < plan->size; off += plan->page_size) {
        const uint8_t *have = plan->have + off;
        const uint8_t *want = plan->want + off;

        if (memcmp(have, want, plan->page_size) == 0)
            continue;
        if (must_erase(have, want, plan->page_size))
            plan_erase(plan, plan->start + off);
        plan_program(plan, PLAN_STEP_CONTENT, plan->start + off,
                     plan->page_size);
    }
    plan_end(plan);
}

/* --- a layout as bytes ---------------------------------------------------- */

static void write_item(struct plan *plan, const struct layout_item *item)
{
    uint8_t *to = plan_want(plan, item->start);

    if (item->image != NULL)
        image_write(item->image, layout_flags(item->wish, item->image), to);
    else if (item->kept == NULL)
        tbf_build_padding(to, item->end - item->start);
    else if (item->kept->address != item->start)
        memcpy(to, plan_have(plan, item->kept->address), item->kept->size);
}

void plan_write_items(struct plan *plan, const struct layout *layout)
{
    for (size_t i = 0; i < layout->count; i++)
        write_item(plan, &layout->items[i]);
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
    uint8_t *at = plan_want(plan, end);

    if (end == region->end)
        return;
    if (end < region->end)
        memset(at, PLAN_ERASED, region->end - end);
    if (plan_is_blank(at, left))
        return;
    memset(at, PLAN_ERASED, left < TBF_BASE_SIZE ? left : TBF_BASE_SIZE);
    at[0] = 0;
}

void plan_region(struct plan *plan, const struct layout *layout,
                 enum plan_order order)
{
    switch (order) {
    case PLAN_REWRITE:
        plan_write_items(plan, layout);
        end_list(plan, layout->region, layout_end(layout));
        plan_close(plan);
        break;
    case PLAN_APPEND:
        plan_append(plan, layout);
        break;
    }
}

/* --- completing ----------------------------------------------------------- */

/* Completes a head that is the last one of the list. */
static bool finish_head(const struct plan *plan, const struct region *region,
                        uint32_t address)
{
    return tbf_clear_finish_head(plan_want(plan, address),
                                 region_limit(region) - address,
                                 plan->write_unit > 4);
}

/* Total size and version in one unit, cut: does the list end at a total size
 * that has bits too many to be one? */
static bool finish_end(const struct plan *plan, const struct region *region)
{
    return (region->end_status == TBF_END_BAD ||
            region->end_status == TBF_BEYOND) &&
           finish_head(plan, region, region->end);
}

static bool finish(const struct plan *plan, const struct region *region,
                   size_t index)
{
    const struct region_object *object = &region->objects[index];
    uint8_t *bytes = plan_want(plan, object->address);

    if (index + 1 == region->count &&
        finish_head(plan, region, object->address))
        return true;
    return object->status == TBF_BAD_CHECKSUM &&
           tbf_clear_finish(bytes, object->header.header_size);
}

/*
 * Only bits are cleared, in headers that no kernel accepts, so that any order
 * is safe. A header that a cut finds half completed is completed next time.
 */
void plan_recover(struct plan *plan, const struct region *region)
{
    for (size_t i = 0; i < region->count; i++)
        if (region->objects[i].status != TBF_OK && finish(plan, region, i))
            plan_program(plan, PLAN_STEP_REPAIR, region->objects[i].address,
                         TBF_BASE_SIZE);
    if (finish_end(plan, region))
        plan_program(plan, PLAN_STEP_REPAIR, region->end, TBF_BASE_SIZE);
    plan_end(plan);
}

void plan_replace(struct plan *plan)
{
    for (uint32_t off = 0; off < plan->size; off += plan->page_size) {
        plan_erase(plan, plan->start + off);
        plan_program(plan, PLAN_STEP_REPAIR, plan->start + off,
                     plan->page_size);
    }
    plan_end(plan);
}

void plan_patch(struct plan *plan, uint32_t addr, uint32_t len)
{
    plan_program(plan, PLAN_STEP_REPAIR, addr, len);
    plan_end(plan);
}

/* --- names ---------------------------------------------------------------- */

const char *plan_kind_text(enum plan_kind kind)
{
    static const char *const texts[] = {
        [PLAN_ERASE] = "erase",
        [PLAN_PROGRAM] = "program",
        [PLAN_CLEAR] = "clear",
        [PLAN_VERIFY] = "verify",
    };

    return texts[kind];
}

const char *plan_step_text(enum plan_step step)
{
    static const char *const texts[] = {
        [PLAN_STEP_CONTENT] = "content",
        [PLAN_STEP_COMMIT] = "commit",
        [PLAN_STEP_RETIRE] = "retire",
        [PLAN_STEP_REPAIR] = "repair",
    };

    return texts[step];
}
