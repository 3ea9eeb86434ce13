/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Register values of the RISC-V PMP for a process's windows.
 *
 * Each window is a top-of-range (TOR) pair: entry 2i holds the start and is
 * off, entry 2i + 1 the end with the permissions. Window 0 is RAM (read,
 * write), window 1 flash (read, execute). The RISC-V privileged specification,
 * section 3.7, defines the registers.
 *
 * All unused entries that a process could have must be off as well: that is
 * the port's part.
 *
 * Context: pure functions, any.
 */

#include "place/place.h"

enum {
    PMP_WINDOW_RAM = 0,
    PMP_WINDOW_FLASH = 1,
    PMP_PROCESS_WINDOWS = 2,
    PMP_PROCESS_ENTRIES = 2 * PMP_PROCESS_WINDOWS,
};

/* What pmpcfg holds for a window, a byte for each entry, and for those of a
 * process: off, then TOR with the rights. The same for all processes. */
#define PMP_CFG_RAM     0x0b00u
#define PMP_CFG_FLASH   0x0d00u
#define PMP_CFG_PROCESS (PMP_CFG_RAM | PMP_CFG_FLASH << 16)

struct pmp_map {
    uint32_t addr[PMP_PROCESS_ENTRIES]; /* pmpaddr values: address >> 2 */
};

/* One more window on RAM: a pair of entries like the others. */
struct pmp_window {
    uint32_t addr[2];
};

/*
 * A window of exactly these bytes: read, write. False under the same conditions
 * as place_flash_fits; *out is then unspecified.
 */
MUST_USE bool pmp_window(uint32_t address, uint32_t size,
                         struct pmp_window *out);

/*
 * All entries of a process. False under the same conditions as
 * place_enabled_end and place_flash_fits; out is then unspecified.
 */
MUST_USE bool pmp_windows(const struct place_block *ram, uint32_t app_break,
                          uint32_t kernel_break, uint32_t flash_start,
                          uint32_t flash_size, struct pmp_map *out);
