/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What thread code and handlers tell each other; private to the port, shared
 * with context.S.
 *
 * turn says who has the processor and, while that is the kernel, how the
 * process lost it. It alone decides what an SVC means: the link register does
 * not, because a tail-chained handler sees what the handler before it
 * returned with. The thread sets TURN_ENTERING right before its own SVC;
 * handlers do all other changes.
 *
 * irq_waits and slice_over stay set until the kernel has acted on them: an
 * SVC that finds one set goes back to the kernel at once, so that an
 * interrupt that comes while the kernel works for a process does not wait for
 * a whole slice. context.S reads both at once as the attention word.
 */

/* SYSCALL and PROCESS are also what CONTROL has then, its bit nPRIV; and the
 * SVC handler has one comparison for the order of the last two. */
#define TURN_SYSCALL     0
#define TURN_PROCESS     1
#define TURN_INTERRUPTED 2
#define TURN_FAULTED     3
#define TURN_ENTERING    4

#define STATE_TURN       0
#define STATE_ATTENTION  4
#define STATE_IRQ_WAITS  4
#define STATE_SLICE_OVER 6

#define CONTEXT_R4       0
#define CONTEXT_PSP      32

#ifndef __ASSEMBLER__

#include "arch/arch.h"

#include <stdbool.h>
#include <stddef.h>

struct cortexm_state {
    volatile uint32_t turn;
    volatile uint16_t irq_waits;
    volatile uint16_t slice_over;
};

_Static_assert(offsetof(struct cortexm_state, turn) == STATE_TURN, "asm");
_Static_assert(offsetof(struct cortexm_state, irq_waits) == STATE_IRQ_WAITS,
               "asm");
_Static_assert(offsetof(struct cortexm_state, slice_over) == STATE_SLICE_OVER,
               "asm");
_Static_assert(sizeof(struct cortexm_state) == STATE_ATTENTION + 4, "asm");
_Static_assert(offsetof(struct arch_context, r4_to_r11) == CONTEXT_R4, "asm");
_Static_assert(offsetof(struct arch_context, psp) == CONTEXT_PSP, "asm");

extern struct cortexm_state cortexm_state;

/* What the hardware stacks on an exception, lowest address first. */
struct frame {
    uint32_t r0_to_r3[4];
    uint32_t r12;
    uint32_t lr;
    uint32_t pc;
    uint32_t xpsr;
};

#define FRAME_LEN ((uint32_t)sizeof(struct frame))
_Static_assert(sizeof(struct frame) == ARCH_INITIAL_APP_SIZE, "basic frame");

/* The process's frame, or null where it is not within bounds. */
struct frame *frame_of(const struct arch_context *ctx,
                       const struct arch_bounds *bounds);

/*
 * Can the process be continued with this frame? It lies in the process's
 * memory, where the kernel itself may have written since, into a buffer that
 * the process chose. An exception number in it makes the return fail half-way,
 * with a frame too many on one of the stacks; all else there can only hurt the
 * process.
 */
bool frame_can_return(const struct frame *frame);

/*
 * context.S: runs the process from the frame at psp. When it has trapped and
 * turn says how, its registers are in ctx; then returns what cortexm_trapped
 * makes of it.
 */
uint32_t cortexm_switch(struct arch_context *ctx,
                        const struct arch_bounds *bounds, uint32_t psp);
uint32_t cortexm_trapped(const struct arch_context *ctx,
                         const struct arch_bounds *bounds, uint32_t psp);

/* fault.c: reads and clears the fault status registers if there was an
 * exception. Returns ARCH_TRAP_FAULT. */
uint32_t fault_record(uint32_t turn);

#endif
