/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What to erase and what to program so that flash holds what it should.
 *
 * A plan covers one area of whole pages: the bytes it has, the bytes it
 * shall have, and the list of page operations that leads from one to the
 * other, in the order in which they are carried out. Making it is pure;
 * apply.h carries it out. Whether a page is skipped, only programmed or
 * erased first is decided here and nowhere else.
 *
 * Ownership: plan_begin allocates want, plan_close the operations; plan_free
 * frees both. have is borrowed.
 */

#include "layout.h"

enum plan_kind {
    PLAN_ERASE,   /* the page becomes 0xff                       */
    PLAN_PROGRAM, /* the page gets its bytes of want: clears bits */
};

struct plan_op {
    enum plan_kind kind;
    uint32_t page; /* address */
};

struct plan {
    uint32_t start; /* address of the area, a page's */
    uint32_t size;  /* whole pages                   */
    uint32_t page_size;
    const uint8_t *have;
    uint8_t *want;
    struct plan_op *ops;
    size_t count;
    /* What it comes to. */
    uint32_t erased;     /* pages                       */
    uint32_t programmed; /* pages                       */
    uint32_t changed;    /* bytes that become different */
};

/*
 * A plan that changes nothing yet: want is a copy of have. The caller (or
 * plan_region) writes into want, then calls plan_close once.
 */
void plan_begin(struct plan *plan, const struct board_area *area,
                uint32_t page_size, const uint8_t *have);

/* Writes the layout's list into want. The plan covers the app region. */
void plan_region(struct plan *plan, const struct layout *layout);

/* Works out the operations. */
void plan_close(struct plan *plan);

void plan_free(struct plan *plan);

/* Bytes of [addr, addr + len) that the plan makes different. */
uint32_t plan_changed_in(const struct plan *plan, uint32_t addr, uint32_t len);
