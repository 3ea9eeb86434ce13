/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The boards this tool knows.
 *
 * The table is made at build time by mk/board.py from boards/<board>/board.json
 * (also the source of the kernels' linker scripts, so that tool and kernel
 * cannot disagree) and from tockloader-c/boards/<board>.json for boards without
 * a kernel of ours.
 */

#include "place/place.h"

#include <stdint.h>

enum { BOARD_MAX_ARCHITECTURES = 4 };

struct board_area {
    uint32_t start; /* target address */
    uint32_t size;  /* bytes          */
};

struct board {
    const char *name;
    const char *description;
    /* TAB architectures its processor runs, best first; null-terminated. */
    const char *architectures[BOARD_MAX_ARCHITECTURES + 1];
    enum place_kind place;   /* how its protection hardware places apps   */
    uint32_t page_size;      /* smallest erasable unit, bytes             */
    uint32_t erase_us;       /* to erase one page, typically              */
    uint32_t program_us;     /* to program one page, typically            */
    struct board_area flash; /* byte 0 of a flash image is flash.start  */
    struct board_area kernel;
    struct board_area storage;
    struct board_area apps;
    struct board_area kernel_ram;
    struct board_area app_ram;
    /* Of the kernel's writes from the start of storage to the end of apps,
     * which follow it (journal/journal.h); size 0: the kernel has none. */
    struct board_area journal;
};

extern const struct board boards_known[];
extern const unsigned boards_known_count;

/* The board of that name, or null. */
const struct board *board_find(const char *name);
