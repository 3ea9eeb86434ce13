/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/cortexm.h"

/*
 * The vector table, first in the kernel's image. `run` puts a copy where the
 * processor looks after a reset; the kernel then uses this one. A chip may
 * have more interrupt lines: the kernel enables none above these.
 */

#define IRQ_COUNT 48u

extern uint32_t kernel_stack_top[]; /* layout.ld */

#define IRQ_8                                                        \
    cortexm_irq, cortexm_irq, cortexm_irq, cortexm_irq, cortexm_irq, \
        cortexm_irq, cortexm_irq, cortexm_irq

struct vector_table {
    uint32_t *stack_top;
    cortexm_handler reset;
    cortexm_handler fault[9]; /* NMI, four faults, four reserved */
    cortexm_handler svcall;
    cortexm_handler unused[3]; /* debug monitor, reserved, PendSV */
    cortexm_handler systick;
    cortexm_handler irq[IRQ_COUNT];
};

extern const struct vector_table vectors;

__attribute__((section(".vectors"), used)) const struct vector_table vectors = {
    .stack_top = kernel_stack_top,
    .reset = cortexm_reset,
    .fault = {cortexm_fault, cortexm_fault, cortexm_fault, cortexm_fault,
              cortexm_fault, cortexm_fault, cortexm_fault, cortexm_fault,
              cortexm_fault},
    .svcall = cortexm_svc,
    .unused = {cortexm_fault, cortexm_fault, cortexm_fault},
    .systick = cortexm_systick,
    .irq = {IRQ_8, IRQ_8, IRQ_8, IRQ_8, IRQ_8, IRQ_8},
};
