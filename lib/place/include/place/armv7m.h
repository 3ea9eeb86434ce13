/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Register values of the ARMv7-M MPU (PMSAv7) for a process's windows.
 *
 * Two regions cover the RAM: each half of the block, eight subregions each.
 * One region covers the flash, with subregions when the object is no power of
 * two. RAM is readable and writable, never executable; flash readable and
 * executable, never writable; the kernel's own access is not their business
 * (PRIVDEFENA gives it the default map). ARM DDI 0403E, B3.5 defines the
 * registers; ARMv6-M's are the same.
 *
 * Context: pure functions, any.
 */

#include "place/place.h"

struct armv7m_region {
    uint32_t rbar; /* base | VALID | region number   */
    uint32_t rasr; /* 0 = region off                 */
};

enum {
    ARMV7M_REGION_RAM_LOW = 0,
    ARMV7M_REGION_RAM_HIGH = 1,
    ARMV7M_REGION_FLASH = 2,
    ARMV7M_PROCESS_REGIONS = 3, /* in use by every process            */
    ARMV7M_REGION_WINDOW = 3,   /* the first of PLACE_WINDOWS; a port */
                                /* may use those behind them          */
};

/*
 * All regions of a process. False under the same conditions as
 * place_enabled_end and place_flash_fits; out is then unspecified.
 */
MUST_USE bool armv7m_regions(const struct place_block *ram, uint32_t app_break,
                             uint32_t kernel_break, uint32_t flash_start,
                             uint32_t flash_size,
                             struct armv7m_region out[ARMV7M_PROCESS_REGIONS]);

/*
 * A window (below PLACE_WINDOWS) of exactly these bytes: RAM, as above. False
 * under the same conditions as place_flash_fits; *out is then unspecified.
 */
MUST_USE bool armv7m_window(uint32_t window, uint32_t address, uint32_t size,
                            struct armv7m_region *out);

/* The value that, with RASR 0, closes it: VALID and the region's number. */
#define ARMV7M_NO_WINDOW_RBAR(window) \
    (0x10u | (ARMV7M_REGION_WINDOW + (window)))
