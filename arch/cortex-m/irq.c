/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/cortexm.h"

#include "scs.h"
#include "state.h"

void cortexm_irq_enable(uint32_t irq)
{
    NVIC->iser[irq / 32] = 1u << irq % 32;
}

bool cortexm_irq_is_pending(uint32_t irq)
{
    return (NVIC->ispr[irq / 32] >> irq % 32 & 1u) != 0;
}

void cortexm_irq_clear_pending(uint32_t irq)
{
    NVIC->icpr[irq / 32] = 1u << irq % 32;
}

bool cortexm_irq_waits(void)
{
    return cortexm_state.irq_waits != 0;
}

void cortexm_irq_begin(void)
{
    cortexm_state.irq_waits = 0;
}
