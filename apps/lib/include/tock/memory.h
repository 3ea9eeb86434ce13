/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Where the app's memory is, and more of it.
 *
 * RAM, from the bottom: stack, variables, heap up to the break; then memory
 * of the process that is not the app's: unused, and from the grant start up
 * the kernel's. Flash runs from the app's header, which the tools wrote, to
 * the end of what they reserved.
 */

#include "tock/syscall.h"

/* Of one of the operations that only tell an address. */
static inline uint32_t memory_addr(enum tock_memop op)
{
    return syscall_memop(op, 0).value[0];
}

/*
 * Moves the break by delta bytes; *old is where it was, which is where new
 * memory begins. New memory is zero. TOCK_NOMEM: the break stays.
 */
static inline enum tock_error memory_grow(int32_t delta, uint32_t *old)
{
    struct syscall_return ret = syscall_memop(TOCK_MEMOP_SBRK, (uint32_t)delta);

    if (ret.variant != TOCK_SUCCESS_U32)
        return syscall_error(ret);
    *old = ret.value[0];
    return TOCK_OK;
}
