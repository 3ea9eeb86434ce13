/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Entering the kernel on Cortex-M: SVC, its immediate is the class.
 *
 * Only tock/syscall.h includes this. Each function names exactly the
 * registers that its class may change, because the kernel keeps every other
 * one; only an upcall, which runs inside the call, uses up what any function
 * call does.
 */

#include "abi/abi.h"

#include <stdint.h>

#define TRAP_INLINE static inline __attribute__((always_inline))

struct trap_regs {
    uint32_t r[4];
};

/* Subscribe, Command and the Allows: four words in, four words out. */
TRAP_INLINE struct trap_regs trap_call(enum tock_class class, uint32_t a0,
                                       uint32_t a1, uint32_t a2, uint32_t a3)
{
    register uint32_t r0 __asm__("r0") = a0;
    register uint32_t r1 __asm__("r1") = a1;
    register uint32_t r2 __asm__("r2") = a2;
    register uint32_t r3 __asm__("r3") = a3;

    __asm__ volatile("svc %[class]"
                     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
                     : [class] "i"(class)
                     : "memory");
    return (struct trap_regs){{r0, r1, r2, r3}};
}

TRAP_INLINE struct trap_regs trap_memop(uint32_t op, uint32_t arg)
{
    register uint32_t r0 __asm__("r0") = op;
    register uint32_t r1 __asm__("r1") = arg;

    __asm__ volatile("svc %[class]"
                     : "+r"(r0), "+r"(r1)
                     : [class] "i"(TOCK_CLASS_MEMOP)
                     : "memory");
    return (struct trap_regs){{r0, r1}};
}

TRAP_INLINE void trap_yield_wait(void)
{
    register uint32_t r0 __asm__("r0") = TOCK_YIELD_WAIT;
    register uint32_t r1 __asm__("r1") = 0;

    __asm__ volatile("svc %[class]"
                     : "+r"(r0), "+r"(r1)
                     : [class] "i"(TOCK_CLASS_YIELD)
                     : "r2", "r3", "r12", "lr", "cc", "memory");
}

TRAP_INLINE struct trap_regs trap_yield_wait_for(uint32_t driver,
                                                 uint32_t number)
{
    register uint32_t r0 __asm__("r0") = TOCK_YIELD_WAIT_FOR;
    register uint32_t r1 __asm__("r1") = driver;
    register uint32_t r2 __asm__("r2") = number;

    __asm__ volatile("svc %[class]"
                     : "+r"(r0), "+r"(r1), "+r"(r2)
                     : [class] "i"(TOCK_CLASS_YIELD)
                     : "memory");
    return (struct trap_regs){{r0, r1, r2}};
}

TRAP_INLINE _Noreturn void trap_exit(uint32_t number, uint32_t code)
{
    register uint32_t r0 __asm__("r0") = number;
    register uint32_t r1 __asm__("r1") = code;

    __asm__ volatile("svc %[class]"
                     :
                     : "r"(r0), "r"(r1), [class] "i"(TOCK_CLASS_EXIT)
                     : "memory");
    __builtin_unreachable();
}
