/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Register values of the ARMv8-M MPU (PMSAv8) for a process's windows.
 *
 * A region is a base and the last granule it has: both ends are free in steps
 * of 32 bytes, there are no subregions, and the limit field names a granule
 * that still belongs to the region. One region covers the RAM (readable and
 * writable, never executable), one the flash (readable and executable, never
 * writable, also not for the kernel while the region is on). An access that
 * two regions match faults, whoever makes it. ARM DDI 0553, D1.2 defines the
 * registers (MPU_RBAR, MPU_RLAR).
 *
 * Context: pure functions, any.
 */

#include "place/place.h"

struct armv8m_region {
    uint32_t rbar; /* base | access                               */
    uint32_t rlar; /* last granule | attribute index 0 | enable;  */
                   /* 0 = region off                              */
};

/* MPU_MAIR0 for attribute 0, which both regions use: normal memory, cached
 * write-through. */
#define ARMV8M_MAIR0 0xaau

enum {
    ARMV8M_REGION_RAM = 0,
    ARMV8M_REGION_FLASH = 1,
    ARMV8M_PROCESS_REGIONS = 2, /* in use by every process    */
    ARMV8M_REGION_WINDOW = 2,   /* the first of PLACE_WINDOWS */
};

/*
 * All regions of a process. False under the same conditions as
 * place_enabled_end and place_flash_fits, and if the two windows have a byte
 * in common; out is then unspecified.
 */
MUST_USE bool armv8m_regions(const struct place_block *ram, uint32_t app_break,
                             uint32_t kernel_break, uint32_t flash_start,
                             uint32_t flash_size,
                             struct armv8m_region out[ARMV8M_PROCESS_REGIONS]);

/*
 * A window of exactly these bytes: RAM, as above. The caller sees to it that no
 * two regions of a process have a byte in common. False under the same
 * conditions as place_flash_fits; *out is then unspecified.
 */
MUST_USE bool armv8m_window(uint32_t address, uint32_t size,
                            struct armv8m_region *out);
