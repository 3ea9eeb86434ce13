/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A process on ARMv7-M (Cortex-M3, M4, M7), as the kernel core embeds it.
 *
 * The hardware keeps r0-r3, r12, lr, pc and xPSR of a stopped process on the
 * process's own stack; the rest is here. The register part of the layout is
 * known to context.S.
 */

#include "place/armv7m.h"

#include <stdint.h>

struct arch_context {
    uint32_t r4_to_r11[8];
    uint32_t psp;       /* where the stacked registers lie; hostile      */
    uint32_t yield_pc;  /* behind the last system call; 0 before any     */
    uint32_t yield_psr; /* xPSR there                                    */
};

struct arch_mpu {
    struct armv7m_region region[ARMV7M_PROCESS_REGIONS];
    uint32_t stamp; /* differs between any two plans; mpu.c */
};

#define ARCH_PLACE_KIND PLACE_ARMV7M

/* One exception frame: what the first exception return takes off the stack. */
#define ARCH_INITIAL_APP_SIZE 32u
