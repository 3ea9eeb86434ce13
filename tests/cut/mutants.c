/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* Plans in a wrong order; the judge has to see what each of them breaks. */

#include "base/bits.h"
#include "world.h"

#include <string.h>

/* Moves the operation at from to the place to. */
static void move_op(struct plan *plan, size_t from, size_t to)
{
    struct plan_op op = plan->ops[from];

    if (from > to)
        memmove(plan->ops + to + 1, plan->ops + to,
                (from - to) * sizeof *plan->ops);
    else
        memmove(plan->ops + from, plan->ops + from + 1,
                (to - from) * sizeof *plan->ops);
    plan->ops[to] = op;
}

static size_t find_op(const struct plan *plan, size_t from, enum plan_kind kind,
                      enum plan_step step)
{
    while (from < plan->count &&
           (plan->ops[from].kind != kind || plan->ops[from].step != step))
        from++;
    return from;
}

/* Nothing is read back, so that the wrong plan is carried out to its end. */
static void drop_verify(struct plan *plan)
{
    size_t left = 0;

    for (size_t i = 0; i < plan->count; i++)
        if (plan->ops[i].kind != PLAN_VERIFY)
            plan->ops[left++] = plan->ops[i];
    plan->count = left;
}

static void drop_op(struct plan *plan, size_t at)
{
    move_op(plan, at, plan->count - 1);
    plan->count--;
}

static void header_before_content(struct plan *plan)
{
    size_t first;

    drop_verify(plan);
    first = find_op(plan, 0, PLAN_PROGRAM, PLAN_STEP_CONTENT);
    for (size_t i = first; i < plan->count; i++)
        if (plan->ops[i].step == PLAN_STEP_COMMIT) {
            move_op(plan, i, first);
            if (plan->write_unit == 4)
                move_op(plan, i, first);
        }
}

static void retire_before_commit(struct plan *plan)
{
    size_t at;

    drop_verify(plan);
    at = find_op(plan, 0, PLAN_PROGRAM, PLAN_STEP_RETIRE);
    for (size_t i = at; i < plan->count; i++)
        if (plan->ops[i].step == PLAN_STEP_RETIRE)
            move_op(plan, i, 0);
}

/* Only what is programmed is erased. */
static void no_cleaning_behind(struct plan *plan)
{
    drop_verify(plan);
    for (size_t i = plan->count; i-- > 0;) {
        bool is_used = plan->ops[i].kind != PLAN_ERASE;

        for (size_t k = 0; k < plan->count; k++)
            is_used |= plan->ops[k].kind == PLAN_PROGRAM &&
                       plan->ops[k].addr / plan->page_size ==
                           plan->ops[i].addr / plan->page_size;
        if (!is_used)
            drop_op(plan, i);
    }
}

static void erase_upwards(struct plan *plan)
{
    size_t first = 0;
    size_t last;

    drop_verify(plan);
    while (plan->ops[first].kind != PLAN_ERASE)
        first++;
    for (last = first; plan->ops[last + 1].kind == PLAN_ERASE;)
        last++;
    for (size_t i = first; i < last; i++)
        move_op(plan, last, i);
}

static void no_clearing_of_leftovers(struct plan *plan)
{
    drop_verify(plan);
    for (size_t i = plan->count; i-- > 0;)
        if (plan->ops[i].kind == PLAN_CLEAR)
            drop_op(plan, i);
}

/* The old trick of making room: the total size goes. */
static void remove_by_total_size(struct plan *plan)
{
    size_t at;

    drop_verify(plan);
    at = find_op(plan, 0, PLAN_PROGRAM, PLAN_STEP_RETIRE);
    plan->ops[at].addr = align_down_u32(plan->ops[at].addr, 16) + 4;
    plan->ops[at].kind = PLAN_CLEAR;
    plan->ops[at].mask = 0;
}

/* What the order for atomic links would do on flash. */
static void rewrite_in_place(struct plan *plan)
{
    plan->count = 0;
    memset(plan->is_erased, 0, plan->size / plan->page_size);
    /* The old app's place gets another content. */
    memcpy(plan->want, plan->have, plan->size);
    for (uint32_t i = 0; i < plan->page_size; i++)
        plan->want[4 * plan->page_size + 128 + i] ^= 0x5a;
    plan_close(plan);
    drop_verify(plan);
}

/* The version instead of the checksum. */
static void retire_by_version(struct plan *plan)
{
    size_t at;

    drop_verify(plan);
    at = find_op(plan, 0, PLAN_PROGRAM, PLAN_STEP_RETIRE);
    plan->ops[at].addr = align_down_u32(plan->ops[at].addr, 16);
    plan->ops[at].kind = PLAN_CLEAR;
    plan->ops[at].mask = 0xfd;
}

const struct mutant mutants[] = {
    {"the header before the content", header_before_content,
     "install behind the list"},
    {"the old one retired before the commit", retire_before_commit,
     "update, same size"},
    {"leftovers behind the list not erased", no_cleaning_behind,
     "install over leftovers"},
    {"pages erased with rising addresses", erase_upwards,
     "install over leftovers"},
    {"leftovers not made unusable before erasing", no_clearing_of_leftovers,
     "install over leftovers in one page"},
    {"given back without leaving the list first", no_clearing_of_leftovers,
     "remove the last"},
    {"removed by clearing the total size", remove_by_total_size,
     "remove one in the middle"},
    {"rewritten in place", rewrite_in_place, "update, same size"},
    {"the old one retired by its version", retire_by_version,
     "update, same size"},
};

const size_t mutant_count = sizeof mutants / sizeof mutants[0];
