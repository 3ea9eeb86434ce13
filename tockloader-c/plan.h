/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What to erase and what to program so that flash holds what it should.
 *
 * A plan covers one area of whole pages: the bytes it has, the bytes it
 * shall have, and the list of operations that leads from one to the other,
 * in the order in which they are carried out. Making it is pure; apply.h
 * carries it out. Whether a page is skipped, only programmed or erased first
 * is decided here and nowhere else, and so is the order on which the safety
 * at a power cut rests (docs/update-safety.md).
 *
 * Commands do not call this themselves: change.h does it for them. The
 * exception is `flash`, which writes bytes that are no list of apps.
 *
 * Ownership: plan_begin allocates want, plan_close and plan_region the
 * operations; plan_free frees them. have is borrowed.
 */

#include "layout.h"

/*
 * How a plan for the app region is ordered. A journal that the kernel knows
 * (protocol J) would be a third value here, with a source file of its own
 * beside plan_append.c.
 */
enum plan_order {
    PLAN_REWRITE, /* page by page, addresses rising. For links that are     */
                  /* atomic, and where the host keeps a copy: a cut in the  */
                  /* middle loses apps                                      */
    PLAN_APPEND,  /* protocol S: append, commit, retire. Safe at every cut, */
                  /* on every kernel                                        */
};

enum plan_kind {
    PLAN_ERASE,   /* a page becomes 0xff                                   */
    PLAN_PROGRAM, /* bytes inside a page get their values of want          */
    PLAN_CLEAR,   /* bytes inside a page lose the bits that are 0 in mask; */
                  /* the page is erased later                              */
    PLAN_VERIFY,  /* the bytes must read back as in want                   */
};

/* What an operation is for, told by `plan` and `-v`. */
enum plan_step {
    PLAN_STEP_CONTENT, /* nothing depends on it yet                        */
    PLAN_STEP_COMMIT,  /* makes a new object visible                       */
    PLAN_STEP_RETIRE,  /* takes an object out of use                       */
    PLAN_STEP_REPAIR,  /* completes what was interrupted                   */
};

struct plan_op {
    enum plan_kind kind;
    enum plan_step step;
    uint32_t addr;
    uint32_t len; /* never past the page's end; a whole page for ERASE */
    uint8_t mask; /* of CLEAR, for each byte                           */
};

struct plan {
    uint32_t start; /* address of the area, a page's */
    uint32_t size;  /* whole pages                   */
    uint32_t page_size;
    uint32_t write_unit;
    const uint8_t *have;
    uint8_t *want;
    struct plan_op *ops;
    size_t count;
    size_t room;
    bool *is_erased; /* for each page: does the plan erase it? */
    /* What it comes to. */
    uint32_t erased;     /* pages                                 */
    uint32_t programmed; /* pages in which something is programmed */
    uint32_t written;    /* bytes that are programmed              */
    uint32_t changed;    /* bytes that become different            */
};

/*
 * A plan that changes nothing yet: want is a copy of have. The caller writes
 * into want and calls plan_close once, or calls plan_region or plan_recover.
 */
void plan_begin(struct plan *plan, const struct board_area *area,
                uint32_t page_size, uint32_t write_unit, const uint8_t *have);

/* Works out the operations that lead to want, in the order PLAN_REWRITE. */
void plan_close(struct plan *plan);

/*
 * Writes the layout's list into want and works out the operations. The plan
 * covers the app region. PLAN_APPEND needs a layout made by LAYOUT_APPEND.
 */
void plan_region(struct plan *plan, const struct layout *layout,
                 enum plan_order order);

/*
 * Completes what was interrupted inside the list: a plan without operations
 * if there is nothing. Any order of the plan that comes after it is right.
 */
void plan_recover(struct plan *plan, const struct region *region);

/*
 * For areas that are no list: whole pages of want are erased and programmed,
 * whatever is there; or bytes inside a page, in which want clears bits, are
 * programmed. Once for each plan.
 */
void plan_replace(struct plan *plan);
void plan_patch(struct plan *plan, uint32_t addr, uint32_t len);

/*
 * Erases what stands behind the list, in the order that no cut can harm. Where
 * the list ends inside a page the rest of that page stays.
 */
void plan_clean(struct plan *plan, const struct region *region);

void plan_free(struct plan *plan);

/* Bytes of [addr, addr + len) that the plan makes different. */
uint32_t plan_changed_in(const struct plan *plan, uint32_t addr, uint32_t len);

const char *plan_kind_text(enum plan_kind kind);
const char *plan_step_text(enum plan_step step);
