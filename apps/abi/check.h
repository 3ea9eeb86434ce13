/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * One system call and what it must answer.
 *
 *   check_call("memop 12 does not exist",
 *              (struct call){TOCK_CLASS_MEMOP, {12}},
 *              reply_failure(TOCK_NOSUPPORT));
 *
 * A check passes if the registers that the reply's variant defines have their
 * values and every other register, flags included, has the one it had before.
 * Each check prints one line, `abi: ok: ...` or `abi: FAILED: ...`.
 */

#include "abi/abi.h"

#include <stdbool.h>
#include <stdint.h>

struct call {
    uint32_t class;
    uint32_t args[4];
};

struct reply {
    uint32_t words[4];
    uint32_t count;    /* words that are answered              */
    uint32_t any_mask; /* bit n: word n may have any value     */
    bool runs_upcall;  /* what a function call uses may change */
};

struct reply reply_none(void);
struct reply reply_upcall(void);
struct reply reply_failure(enum tock_error error);
struct reply reply_success(void);
struct reply reply_u32(uint32_t value);
struct reply reply_any_u32(void);
/* Subscribe and Allow: the previous pair; or the error and the given pair. */
struct reply reply_swapped(uint32_t first, uint32_t second);
struct reply reply_refused(enum tock_error error, uint32_t first,
                           uint32_t second);
/* WaitFor: no variant, three words of the driver's. */
struct reply reply_event(uint32_t arg0, uint32_t arg1, uint32_t arg2);

/* The four first registers as they are after the call, for further checks. */
struct answer {
    uint32_t words[4];
    uint32_t sp; /* at the call */
};

struct answer check_call(const char *what, struct call call,
                         struct reply reply);

/* Anything else that must hold. */
void check_that(const char *what, bool holds);

/* Prints the totals. */
void check_report(void);
