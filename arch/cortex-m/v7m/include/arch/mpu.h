/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* The protection windows of a process on ARMv7-M (Cortex-M3, M4, M7). */

#include "place/armv7m.h"

struct arch_mpu {
    struct armv7m_region region[ARMV7M_PROCESS_REGIONS];
    struct armv7m_region window[PLACE_WINDOWS]; /* those that are open      */
    uint32_t open;                              /* bit i: window i is open  */
};

#define ARCH_PLACE_KIND PLACE_ARMV7M
