/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Control and status registers, by name. The RISC-V privileged specification
 * (20211203) defines them, chapter 3.
 *
 * Each access is also a compiler barrier: what a register switches on or off
 * (a protection window, an interrupt) must not move across it.
 */

#include <stdint.h>

#define CSR_READ(name)                                                   \
    __extension__({                                                      \
        uint32_t csr_value;                                              \
        __asm__ volatile("csrr %0, " #name : "=r"(csr_value)::"memory"); \
        csr_value;                                                       \
    })

#define CSR_WRITE(name, value)                                              \
    do {                                                                    \
        uint32_t csr_value = (value);                                       \
        __asm__ volatile("csrw " #name ", %0" ::"r"(csr_value) : "memory"); \
    } while (0)

#define MCAUSE_INTERRUPT  0x80000000u
#define MCAUSE_ECALL_USER 8u

/* pmpcfg byte (section 3.7.1). */
#define PMP_CFG_NAPOT  0x18u
#define PMP_CFG_LOCKED 0x80u
