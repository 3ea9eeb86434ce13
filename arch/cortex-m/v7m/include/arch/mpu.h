/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* The protection windows of a process on ARMv7-M (Cortex-M3, M4, M7). */

#include "place/armv7m.h"

struct arch_mpu {
    struct armv7m_region region[ARMV7M_PROCESS_REGIONS];
    uint32_t stamp; /* differs between any two plans; mpu.c */
};

#define ARCH_PLACE_KIND PLACE_ARMV7M
