/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What ARMv7-M and ARMv8-M do differently; private to the port.
 *
 * v7m/variant.c and v8m/variant.c supply the same functions, each with an
 * arch/mpu.h of its own; a board links one of the two. All else of the port
 * (the switch, the handlers, the exception frame, the return values) is the
 * same on both: with the whole machine in Secure state, ARMv8-M's EXC_RETURN
 * values for thread mode are those of ARMv7-M.
 */

#include "arch/arch.h"

/*
 * Closes what must be closed before the first process runs: the MPU goes on
 * with the default map for the kernel and nothing for processes, and the
 * kernel's stack cannot grow below kernel_stack_bottom.
 */
void variant_start(void);

/*
 * Why the processor refused to pass between its security states, and clears
 * that: SFSR. 0 where there are no such states. If it is not 0, there may be
 * no frame on the process's stack.
 */
uint32_t variant_take_secure_status(void);

/* The register values for these windows; see arch_mpu_plan. */
MUST_USE bool variant_plan(struct arch_mpu *mpu, const struct place_block *ram,
                           uint32_t app_break, uint32_t kernel_break,
                           uint32_t flash_start, uint32_t flash_size);

/* Writes them; a barrier follows. */
void variant_load(const struct arch_mpu *mpu);

/* The same for mpu->window. Of those in the bits of changed, the open ones are
 * written, the others closed. */
MUST_USE bool variant_window(struct arch_mpu *mpu, uint32_t window,
                             uint32_t addr, uint32_t size);
void variant_load_windows(const struct arch_mpu *mpu, uint32_t changed);

/* Whether a process's windows bind the kernel too, where they would. */
void variant_bind_kernel(bool is_bound);
