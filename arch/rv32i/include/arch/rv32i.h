/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What chips and boards call of the RV32 port; the core uses arch/arch.h.
 *
 * Interrupts. The kernel runs in machine mode with mstatus.MIE always 0, so
 * that no kernel code is ever interrupted and every trap taken in machine
 * mode is a bug of ours. User mode cannot mask machine interrupts: one that
 * comes while a process runs traps into the kernel, waits there masked by
 * MIE, is found by rv32i_irq_pending and served in the kernel thread.
 *
 * Kernel stack. The board gives the port a page below the stack that nobody
 * may touch, the kernel included. The page is a locked PMP entry without
 * permissions, so an overflow traps before it reaches other memory; flash on
 * this architecture's boards can be plain memory and would take the stores.
 *
 * PMP entries 0 to 3 belong to the running process and are all rewritten when
 * the process or its windows change; so are 8 to 15 if it, or the one before,
 * has windows on the memory of others. Entry 7 is the guard, never rewritten;
 * 4 to 6 are off.
 */

#include "arch/arch.h"

/* Interrupt sources: the bits of mie and mip. */
#define RV32I_IRQ_SOFTWARE (1u << 3)
#define RV32I_IRQ_TIMER    (1u << 7)
#define RV32I_IRQ_EXTERNAL (1u << 11)

/* First of all, on the boot hart. The guard is a power of two of at least 8
 * bytes, aligned to its size. */
void rv32i_init(uint32_t guard_start, uint32_t guard_size);

/* Of the interrupts that are enabled, those that wait: RV32I_IRQ_*. */
uint32_t rv32i_irq_pending(void);

/* Exactly these sources may interrupt a process or end a wait. */
void rv32i_irq_enable(uint32_t sources);
