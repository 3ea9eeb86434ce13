/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/cortexm.h"

#include "base/mem.h"
#include "scs.h"
#include "variant.h"

/* Of layout.ld. */
extern const uint32_t vectors_start[];
extern uint8_t data_start[], data_end[], bss_start[], bss_end[];
extern const uint8_t data_image[];

int main(void);

/*
 * One priority for everything that may interrupt a process, below that of the
 * faults. The highest bit is the only one every chip has.
 */
#define PRIORITY_ALL 0x80808080u

static void set_priorities(void)
{
    SCB->shpr[0] = 0; /* MemManage, BusFault, UsageFault */
    SCB->shpr[1] = PRIORITY_ALL & 0xff000000u; /* SVCall */
    SCB->shpr[2] = PRIORITY_ALL & 0xffff0000u; /* PendSV, SysTick */
    for (uint32_t i = 0; i < sizeof NVIC->ipr / sizeof NVIC->ipr[0]; i++)
        NVIC->ipr[i] = PRIORITY_ALL;
}

static void quiet_interrupts(void)
{
    SYSTICK->csr = 0;
    for (uint32_t i = 0; i < NVIC_WORDS; i++) {
        NVIC->icer[i] = 0xffffffffu;
        NVIC->icpr[i] = 0xffffffffu;
    }
}

/*
 * No FPU: apps are built without, and a longer exception frame would break
 * the switch. A boot loader may have left it on, so each of the three places
 * is written. CONTROL 0: privileged, main stack, no FP context.
 */
static void disable_fpu(void)
{
    SCB->fpccr = 0;
    SCB->cpacr = 0;
    __asm volatile("msr control, %0\n\tdsb\n\tisb" ::"r"(0) : "memory");
}

/* As after a reset, whatever ran before. */
static void set_up_processor(void)
{
    arch_irq_disable();
    quiet_interrupts();
    SCB->vtor = (uint32_t)vectors_start;
    disable_fpu();
    set_priorities();
    SCB->ccr = (SCB->ccr & ~(uint32_t)(CCR_USERSETMPEND | CCR_UNALIGN_TRP |
                                       CCR_DIV_0_TRP)) |
               CCR_STKALIGN;
    SCB->cfsr = SCB->cfsr;
    SCB->hfsr = SCB->hfsr;
    SCB->shcsr = SHCSR_FAULTS_ENABLE;
    variant_start();
    __asm volatile("msr basepri, %0\n\tcpsie f" ::"r"(0) : "memory");
}

void cortexm_reset(void)
{
    set_up_processor();
    memcpy(data_start, data_image, (uint32_t)data_end - (uint32_t)data_start);
    memset(bss_start, 0, (uint32_t)bss_end - (uint32_t)bss_start);
    arch_irq_enable();
    main();
    arch_halt();
}
