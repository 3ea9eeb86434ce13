/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What chips and boards use of the Cortex-M port beside arch/arch.h: the
 * handlers for their vector table, interrupt lines and the slice timer.
 *
 * How it works. The kernel is privileged thread code on MSP, a process is
 * unprivileged thread code on PSP. SVC, SysTick and all interrupts have one
 * priority and never nest; the faults are above them. Interrupt handlers only
 * mask their line, leave it pending and go back to the kernel, which serves
 * it later in its own thread (hil/chip.h).
 *
 * The numbers are those of the ARMv7-M Architecture Reference Manual
 * (ARM DDI 0403E), B1 (exceptions), B3 (system control space). variant.h has
 * what ARMv8-M does differently.
 */

#include "arch/arch.h"
#include "hil/reset.h"
#include "hil/slice_timer.h"

/*
 * Entries of the vector table; never called. reset takes it from there: it
 * sets up RAM and the processor, then calls main.
 */
_Noreturn void cortexm_reset(void);
void cortexm_fault(void);   /* NMI, all faults, whatever is not expected */
void cortexm_svc(void);     /* SVCall                                    */
void cortexm_systick(void); /* SysTick                                   */
void cortexm_irq(void);     /* every external interrupt                  */

typedef void (*cortexm_handler)(void);

/*
 * Interrupt lines, by number. A line is masked from the moment it interrupts
 * until it is enabled again. Kernel thread only.
 */
void cortexm_irq_enable(uint32_t irq);
bool cortexm_irq_is_pending(uint32_t irq);
void cortexm_irq_clear_pending(uint32_t irq);

/* True if a line has interrupted since the last call of irq_begin. */
bool cortexm_irq_waits(void);
void cortexm_irq_begin(void);

/* The slice timer made of SysTick, on the processor clock. */
struct systick {
    struct hil_slice_timer timer;
    uint32_t ticks_per_us;
    uint32_t slice_us;
};

/* clock_hz is a multiple of 1 MHz, at most 41 MHz for 400 ms slices. */
void systick_init(struct systick *self, uint32_t clock_hz);

/* Resets processor and peripherals. */
extern const struct hil_reset cortexm_system_reset;
