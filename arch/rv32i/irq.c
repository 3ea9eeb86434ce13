/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/rv32i.h"
#include "csr.h"

/*
 * mstatus.MIE is 0 whenever the kernel runs (arch/rv32i.h), so a decision of
 * the kernel cannot be interrupted and there is nothing to switch here.
 */
void arch_irq_disable(void)
{
}

void arch_irq_enable(void)
{
}

/* wfi ends for an interrupt that mie enables, also while MIE is 0. */
void arch_wait_for_interrupt(void)
{
    __asm__ volatile("wfi" ::: "memory");
}

_Noreturn void arch_halt(void)
{
    CSR_WRITE(mie, 0);
    for (;;)
        arch_wait_for_interrupt();
}

uint32_t rv32i_irq_pending(void)
{
    return CSR_READ(mip) & CSR_READ(mie);
}

void rv32i_irq_enable(uint32_t sources)
{
    CSR_WRITE(mie, sources);
}
