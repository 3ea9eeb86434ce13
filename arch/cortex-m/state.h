/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What thread code and handlers tell each other; private to the port, shared
 * with context.S.
 *
 * mode says who has the processor. It alone decides what an SVC means: the
 * link register does not, because a tail-chained handler sees what the
 * handler before it returned with. The thread sets MODE_ENTERING right before
 * its own SVC; handlers do all other changes.
 *
 * why says how the process was left. irq_waits and slice_over stay set until
 * the kernel has acted on them: an SVC that finds one set goes back to the
 * kernel at once, so that an interrupt that comes between the kernel's last
 * look and the switch does not wait for a whole slice.
 */

#define MODE_KERNEL      0
#define MODE_ENTERING    1
#define MODE_PROCESS     2

#define WHY_INTERRUPT    0
#define WHY_SYSCALL      1
#define WHY_FAULT        2

#define STATE_MODE       0
#define STATE_WHY        4
#define STATE_IRQ_WAITS  8
#define STATE_SLICE_OVER 12

#define CONTEXT_R4       0
#define CONTEXT_PSP      32

#ifndef __ASSEMBLER__

#include "arch/context.h"

#include <stdbool.h>
#include <stddef.h>

struct cortexm_state {
    volatile uint32_t mode;
    volatile uint32_t why;
    volatile uint32_t irq_waits;
    volatile uint32_t slice_over;
};

_Static_assert(offsetof(struct cortexm_state, mode) == STATE_MODE, "asm");
_Static_assert(offsetof(struct cortexm_state, why) == STATE_WHY, "asm");
_Static_assert(offsetof(struct cortexm_state, irq_waits) == STATE_IRQ_WAITS,
               "asm");
_Static_assert(offsetof(struct cortexm_state, slice_over) == STATE_SLICE_OVER,
               "asm");
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

/* context.S: runs the process; back when it has trapped, why is set. */
void cortexm_switch(struct arch_context *ctx);

/* fault.c: reads and clears the fault status registers. */
void fault_record(void);

#endif
