/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The system calls as C functions; their numbers are in abi/abi.h.
 *
 * Most apps need only tock/console.h, tock/alarm.h and tock/printf.h, which
 * are made from these.
 *
 * Ownership: a buffer given to an Allow is the kernel's to use until the same
 * slot is allowed again (length 0 takes it back): it must live that long.
 * Context: an upcall runs only inside syscall_yield_wait(), never in between;
 * it may make any call, yield included.
 */

#include "abi/abi.h"
#include "tock/trap.h"

#include <stddef.h>
#include <stdint.h>

/* The three words and their meaning are the driver's. */
typedef void (*syscall_upcall)(uint32_t arg0, uint32_t arg1, uint32_t arg2,
                               void *context);

struct syscall_return {
    uint32_t variant;  /* enum tock_variant               */
    uint32_t value[3]; /* as many as the variant says     */
};

struct syscall_event {
    uint32_t arg[3];
};

/* TOCK_OK for every success variant. */
static inline enum tock_error syscall_error(struct syscall_return ret)
{
    return ret.variant < TOCK_SUCCESS ? (enum tock_error)ret.value[0] : TOCK_OK;
}

static inline struct syscall_return
syscall_command(uint32_t driver, uint32_t number, uint32_t arg1, uint32_t arg2)
{
    struct trap_regs t =
        trap_call(TOCK_CLASS_COMMAND, driver, number, arg1, arg2);

    return (struct syscall_return){t.r[0], {t.r[1], t.r[2], t.r[3]}};
}

/*
 * Names the function to run on an event; null for none, which still lets
 * syscall_yield_wait_for() see the event. Drops events that wait.
 */
static inline enum tock_error syscall_subscribe(uint32_t driver,
                                                uint32_t number,
                                                syscall_upcall fn,
                                                void *context)
{
    struct trap_regs t = trap_call(TOCK_CLASS_SUBSCRIBE, driver, number,
                                   (uint32_t)fn, (uint32_t)context);

    return t.r[0] < TOCK_SUCCESS ? (enum tock_error)t.r[1] : TOCK_OK;
}

/* Lends bytes that the driver may also write. */
static inline enum tock_error syscall_allow_rw(uint32_t driver, uint32_t number,
                                               void *bytes, uint32_t len)
{
    struct trap_regs t =
        trap_call(TOCK_CLASS_ALLOW_RW, driver, number, (uint32_t)bytes, len);

    return t.r[0] < TOCK_SUCCESS ? (enum tock_error)t.r[1] : TOCK_OK;
}

/* Lends bytes that the driver may read; they may lie in the app's flash. */
static inline enum tock_error syscall_allow_ro(uint32_t driver, uint32_t number,
                                               const void *bytes, uint32_t len)
{
    struct trap_regs t =
        trap_call(TOCK_CLASS_ALLOW_RO, driver, number, (uint32_t)bytes, len);

    return t.r[0] < TOCK_SUCCESS ? (enum tock_error)t.r[1] : TOCK_OK;
}

/* Every operation answers with one word at most, in value[0]. */
static inline struct syscall_return syscall_memop(enum tock_memop op,
                                                  uint32_t arg)
{
    struct trap_regs t = trap_memop(op, arg);

    return (struct syscall_return){t.r[0], {t.r[1]}};
}

/* Sleeps until one upcall has run. */
static inline void syscall_yield_wait(void)
{
    trap_yield_wait();
}

/*
 * Sleeps until the event (driver, number) has come, takes it and runs no
 * function, even if one is subscribed. Events of other numbers stay queued.
 */
static inline struct syscall_event syscall_yield_wait_for(uint32_t driver,
                                                          uint32_t number)
{
    struct trap_regs t = trap_yield_wait_for(driver, number);

    return (struct syscall_event){{t.r[0], t.r[1], t.r[2]}};
}

/* Ends the app; 0 is a success, else an enum tock_error is customary. */
static inline _Noreturn void syscall_exit(uint32_t code)
{
    trap_exit(TOCK_EXIT_TERMINATE, code);
}
