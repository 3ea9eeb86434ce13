/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Registers of the system control space (ARMv7-M: ARM DDI 0403E, B3.2-B3.5;
 * ARMv8-M: ARM DDI 0553, D1.2); private to the port.
 */

#include <stddef.h>
#include <stdint.h>

struct systick_regs {
    volatile uint32_t csr; /* control and status */
    volatile uint32_t rvr; /* reload value       */
    volatile uint32_t cvr; /* current value      */
    volatile uint32_t calib;
};

enum {
    SYSTICK_ENABLE = 1 << 0,
    SYSTICK_TICKINT = 1 << 1,
    SYSTICK_PROCESSOR_CLOCK = 1 << 2,
    SYSTICK_COUNTFLAG = 1 << 16, /* counted to 0 since the last read */
};

#define AIRCR_KEY         0x05fa0000u /* without it a write is ignored */
#define AIRCR_SYSRESETREQ 0x00000004u

#define NVIC_WORDS        16

struct nvic_regs {
    volatile uint32_t iser[NVIC_WORDS]; /* set enable    */
    uint32_t reserved0[16];
    volatile uint32_t icer[NVIC_WORDS]; /* clear enable  */
    uint32_t reserved1[16];
    volatile uint32_t ispr[NVIC_WORDS]; /* set pending   */
    uint32_t reserved2[16];
    volatile uint32_t icpr[NVIC_WORDS]; /* clear pending */
    uint32_t reserved3[16];
    volatile uint32_t iabr[NVIC_WORDS]; /* active        */
    uint32_t reserved4[16];
    volatile uint32_t
        itns[NVIC_WORDS]; /* v8-M: interrupts the Non-secure state */
    uint32_t reserved5[16];
    volatile uint32_t ipr[124]; /* priority, a byte each */
};

_Static_assert(offsetof(struct nvic_regs, icer) == 0x080, "E180");
_Static_assert(offsetof(struct nvic_regs, ispr) == 0x100, "E200");
_Static_assert(offsetof(struct nvic_regs, icpr) == 0x180, "E280");
_Static_assert(offsetof(struct nvic_regs, itns) == 0x280, "E380");
_Static_assert(offsetof(struct nvic_regs, ipr) == 0x300, "E400");

struct scb_regs {
    volatile uint32_t cpuid;
    volatile uint32_t icsr;
    volatile uint32_t vtor;
    volatile uint32_t aircr;
    volatile uint32_t scr;
    volatile uint32_t ccr;
    volatile uint32_t shpr[3]; /* priorities of exceptions 4 to 15 */
    volatile uint32_t shcsr;
    volatile uint32_t cfsr; /* write 1 to clear, like hfsr */
    volatile uint32_t hfsr;
    volatile uint32_t dfsr;
    volatile uint32_t mmfar;
    volatile uint32_t bfar;
    volatile uint32_t afsr;
    uint32_t reserved0[18];
    volatile uint32_t cpacr;
    uint32_t reserved1;
    volatile uint32_t mpu_type;
    volatile uint32_t mpu_ctrl;
    volatile uint32_t mpu_rnr;
    /* RBAR and RASR (v8-M: RLAR), then three aliases of the pair. */
    volatile uint32_t mpu_region[8];
    uint32_t reserved2;
    volatile uint32_t mpu_mair[2]; /* v8-M */
    uint32_t reserved3[10];
    uint32_t debug[4];
    uint32_t reserved4[77];
    volatile uint32_t fpccr;
};

_Static_assert(offsetof(struct scb_regs, shpr) == 0x18, "ED18");
_Static_assert(offsetof(struct scb_regs, cfsr) == 0x28, "ED28");
_Static_assert(offsetof(struct scb_regs, bfar) == 0x38, "ED38");
_Static_assert(offsetof(struct scb_regs, cpacr) == 0x88, "ED88");
_Static_assert(offsetof(struct scb_regs, mpu_region) == 0x9c, "ED9C");
_Static_assert(offsetof(struct scb_regs, mpu_mair) == 0xc0, "EDC0");
_Static_assert(offsetof(struct scb_regs, debug) == 0xf0, "EDF0");
_Static_assert(offsetof(struct scb_regs, fpccr) == 0x234, "EF34");

/* Security attribution, v8-M only. */
struct sau_regs {
    volatile uint32_t ctrl;
    volatile uint32_t type;
    volatile uint32_t rnr;
    volatile uint32_t rbar;
    volatile uint32_t rlar;
    volatile uint32_t sfsr; /* secure fault status */
    volatile uint32_t sfar;
};

_Static_assert(offsetof(struct sau_regs, sfsr) == 0x14, "EDE4");

enum {
    CONTROL_NPRIV = 1 << 0, /* of the special register CONTROL */
    ICSR_PENDSTCLR = 1 << 25,
    CCR_USERSETMPEND = 1 << 1, /* apps may pend interrupts */
    CCR_UNALIGN_TRP = 1 << 3,
    CCR_DIV_0_TRP = 1 << 4,
    CCR_STKALIGN = 1 << 9,
    SHCSR_FAULTS_ENABLE = 7 << 16,
    MPU_ENABLE = 1 << 0,
    MPU_PRIVDEFENA = 1 << 2,
};

#define SYSTICK ((struct systick_regs *)0xe000e010u)
#define NVIC    ((struct nvic_regs *)0xe000e100u)
#define SCB     ((struct scb_regs *)0xe000ed00u)
#define SAU     ((struct sau_regs *)0xe000edd0u)

/* What was written above is in force for what comes next. */
static inline void barrier(void)
{
    __asm volatile("dsb\n\tisb" ::: "memory");
}
