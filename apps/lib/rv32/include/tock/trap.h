/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Entering the kernel on RISC-V: ECALL, a4 is the class.
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
TRAP_INLINE struct trap_regs trap_call(enum tock_class class, uint32_t arg0,
                                       uint32_t arg1, uint32_t arg2,
                                       uint32_t arg3)
{
    register uint32_t a0 __asm__("a0") = arg0;
    register uint32_t a1 __asm__("a1") = arg1;
    register uint32_t a2 __asm__("a2") = arg2;
    register uint32_t a3 __asm__("a3") = arg3;
    register uint32_t a4 __asm__("a4") = class;

    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3)
                     : "r"(a4)
                     : "memory");
    return (struct trap_regs){{a0, a1, a2, a3}};
}

TRAP_INLINE struct trap_regs trap_memop(uint32_t op, uint32_t arg)
{
    register uint32_t a0 __asm__("a0") = op;
    register uint32_t a1 __asm__("a1") = arg;
    register uint32_t a4 __asm__("a4") = TOCK_CLASS_MEMOP;

    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a4) : "memory");
    return (struct trap_regs){{a0, a1}};
}

TRAP_INLINE void trap_yield_wait(void)
{
    register uint32_t a0 __asm__("a0") = TOCK_YIELD_WAIT;
    register uint32_t a1 __asm__("a1") = 0;
    register uint32_t a4 __asm__("a4") = TOCK_CLASS_YIELD;

    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1), "+r"(a4)
                     :
                     : "a2", "a3", "a5", "a6", "a7", "t0", "t1", "t2", "t3",
                       "t4", "t5", "t6", "ra", "memory");
}

TRAP_INLINE struct trap_regs trap_yield_wait_for(uint32_t driver,
                                                 uint32_t number)
{
    register uint32_t a0 __asm__("a0") = TOCK_YIELD_WAIT_FOR;
    register uint32_t a1 __asm__("a1") = driver;
    register uint32_t a2 __asm__("a2") = number;
    register uint32_t a4 __asm__("a4") = TOCK_CLASS_YIELD;

    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1), "+r"(a2)
                     : "r"(a4)
                     : "memory");
    return (struct trap_regs){{a0, a1, a2}};
}

TRAP_INLINE _Noreturn void trap_exit(uint32_t number, uint32_t code)
{
    register uint32_t a0 __asm__("a0") = number;
    register uint32_t a1 __asm__("a1") = code;
    register uint32_t a4 __asm__("a4") = TOCK_CLASS_EXIT;

    __asm__ volatile("ecall" : : "r"(a0), "r"(a1), "r"(a4) : "memory");
    __builtin_unreachable();
}
