/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* The protection windows of a process on ARMv8-M Mainline (Cortex-M33). */

#include "place/armv8m.h"

struct arch_mpu {
    struct armv8m_region region[ARMV8M_PROCESS_REGIONS];
    struct armv8m_region window[PLACE_WINDOWS]; /* those that are open      */
    uint32_t open;                              /* bit i: window i is open  */
};

#define ARCH_PLACE_KIND PLACE_ARMV8M
