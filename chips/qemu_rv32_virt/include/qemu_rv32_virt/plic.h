/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Platform-level interrupt controller, as seen by machine mode of hart 0.
 *
 * A device's interrupt is claimed, served and completed; between the two it
 * does not come again. Source 0 means none.
 *
 * Registers: RISC-V Platform-Level Interrupt Controller Specification 1.0.
 */

#include <stdint.h>

struct plic_regs;

/* Source, 1 to 1023, may interrupt from now on. */
void plic_enable(volatile struct plic_regs *regs, uint32_t source);

/* The source that waits, which is then the caller's to complete; or 0. */
uint32_t plic_claim(volatile struct plic_regs *regs);
void plic_complete(volatile struct plic_regs *regs, uint32_t source);
