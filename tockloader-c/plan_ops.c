/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "plan_ops.h"

#include "base/bits.h"
#include "host/alloc.h"

#include <stdlib.h>

uint8_t *plan_want(const struct plan *plan, uint32_t addr)
{
    return plan->want + (addr - plan->start);
}

const uint8_t *plan_have(const struct plan *plan, uint32_t addr)
{
    return plan->have + (addr - plan->start);
}

bool plan_is_blank(const uint8_t *bytes, size_t len)
{
    return len == 0 ||
           (bytes[0] == PLAN_ERASED && memcmp(bytes, bytes + 1, len - 1) == 0);
}

static void add(struct plan *plan, struct plan_op op)
{
    if (plan->count == plan->room) {
        plan->room = plan->room == 0 ? 64 : 2 * plan->room;
        plan->ops = alloc_resize(plan->ops, plan->room, sizeof *plan->ops);
    }
    plan->ops[plan->count++] = op;
}

static uint32_t index_of(const struct plan *plan, uint32_t addr)
{
    return (addr - plan->start) / plan->page_size;
}

void plan_erase(struct plan *plan, uint32_t page)
{
    if (plan->is_erased[index_of(plan, page)])
        return;
    plan->is_erased[index_of(plan, page)] = true;
    add(plan, (struct plan_op){
                  .kind = PLAN_ERASE, .addr = page, .len = plan->page_size});
}

/* Splits at the page borders. */
static void add_pieces(struct plan *plan, struct plan_op op)
{
    uint32_t left = op.len;

    while (left != 0) {
        uint32_t to_border = plan->page_size - op.addr % plan->page_size;

        op.len = left < to_border ? left : to_border;
        if (op.kind != PLAN_PROGRAM ||
            !plan_is_blank(plan_want(plan, op.addr), op.len))
            add(plan, op);
        op.addr += op.len;
        left -= op.len;
    }
}

void plan_program(struct plan *plan, enum plan_step step, uint32_t addr,
                  uint32_t len)
{
    add_pieces(plan, (struct plan_op){PLAN_PROGRAM, step, addr, len, 0});
}

void plan_clear(struct plan *plan, enum plan_step step, uint32_t addr,
                uint32_t len, uint8_t mask)
{
    add_pieces(plan, (struct plan_op){PLAN_CLEAR, step, addr, len, mask});
}

void plan_verify(struct plan *plan, uint32_t addr, uint32_t len)
{
    add_pieces(plan,
               (struct plan_op){.kind = PLAN_VERIFY, .addr = addr, .len = len});
}

/* Sums up the operations; touched gets true for each of their pages. */
static void sum_up(struct plan *plan, bool *touched)
{
    bool *programmed =
        alloc_zeroed(plan->size / plan->page_size, sizeof *programmed);

    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_op *op = &plan->ops[i];
        uint32_t page = index_of(plan, op->addr);

        touched[page] = true;
        if (op->kind == PLAN_ERASE)
            plan->erased++;
        if (op->kind != PLAN_PROGRAM && op->kind != PLAN_CLEAR)
            continue;
        plan->programmed += !programmed[page];
        programmed[page] = true;
        plan->written += op->len;
    }
    free(programmed);
}

void plan_end(struct plan *plan)
{
    uint32_t pages = plan->size / plan->page_size;
    bool *touched = alloc_zeroed(pages, sizeof *touched);

    sum_up(plan, touched);
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t addr = plan->start + i * plan->page_size;

        if (!touched[i])
            continue;
        plan->changed += plan_changed_in(plan, addr, plan->page_size);
        plan_verify(plan, addr, plan->page_size);
    }
    free(touched);
}
