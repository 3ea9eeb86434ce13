/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What a capsule implements so that apps can reach it by a driver number.
 *
 * The kernel checks Subscribe and Allow by itself against struct
 * grant_layout; a capsule sees only Command. All functions run to the end
 * without being interrupted by another capsule.
 *
 * Ownership: struct driver is a member of the capsule's struct, which the
 * board allocates. Context: kernel thread only. Trust: arguments are hostile.
 */

#include "abi/abi.h"
#include "base/attr.h"
#include "base/span.h"
#include "capsule/process.h"

#include <stddef.h>
#include <stdint.h>

struct driver;

/* The answer to a Command; made by the functions below. Words that the variant
 * does not define are never looked at and need no value. */
struct command_return {
    uint32_t words[4]; /* enum tock_variant, then its values */
};

struct driver_ops {
    /* Number 0 asks whether the driver can be used. Unknown numbers answer
     * TOCK_NOSUPPORT. */
    struct command_return (*command)(struct driver *self,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1);
    /*
     * Optional. A buffer of the app that the app may go on reading
     * (allow class 7). Swaps *addr and *len with what the driver held.
     */
    enum tock_error (*allow_readable)(struct driver *self,
                                      struct process *caller, uint32_t number,
                                      uint32_t *addr, uint32_t *len);
    /* Optional. The process has subscribed to this upcall, or unsubscribed;
     * what waited of it is gone. */
    void (*subscribed)(struct driver *self, struct process *caller,
                       uint32_t number);
    /* Optional. This upcall reaches the process now; the words may still be
     * changed. */
    void (*delivered)(struct driver *self, struct process *to, uint32_t number,
                      uint32_t words[3]);
    /* Optional. This life of the process is over; its grant is gone. */
    void (*process_gone)(struct driver *self, struct process_ref gone);
};

/* What a driver needs per process; absent for drivers without state. */
struct grant_layout {
    uint8_t upcalls;  /* subscribe numbers 0 .. upcalls - 1 */
    uint8_t readonly; /* read-only allow numbers            */
    uint8_t writable; /* read-write allow numbers           */
    uint16_t size;    /* bytes of the capsule's own struct  */
};

struct driver {
    const struct driver_ops *ops;
    const struct grant_layout *grant; /* null: none                     */
    uint8_t index;                    /* in the driver table; private   */
    uint8_t grant_slot;               /* in the grant table; private    */
};

static inline struct command_return command_success(void)
{
    struct command_return answer;

    answer.words[0] = TOCK_SUCCESS;
    return answer;
}

static inline struct command_return command_success_u32(uint32_t value)
{
    struct command_return answer;

    answer.words[0] = TOCK_SUCCESS_U32;
    answer.words[1] = value;
    return answer;
}

static inline struct command_return command_failure(enum tock_error error)
{
    struct command_return answer;

    answer.words[0] = TOCK_FAILURE;
    answer.words[1] = error;
    return answer;
}

/* For commands whose only result is whether they worked. */
static inline struct command_return command_status(enum tock_error error)
{
    return error == TOCK_OK ? command_success() : command_failure(error);
}
