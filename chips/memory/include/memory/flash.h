/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Flash of a machine that has only memory: the rules of NOR flash, kept by
 * software. Erased bytes are 0xff, programming clears bits.
 *
 * Each operation is done as a whole when its callback is due, before anything
 * else happens: of a page that is erased and then programmed from within the
 * callback neither a process nor another driver sees the state in between. If
 * the memory
 * outlasts the machine, as a file of QEMU's does, a machine that is stopped in
 * the middle leaves a page that is erased, or programmed, up to some byte.
 *
 * Ownership: the board allocates. Context: kernel thread only.
 */

#include "hil/deferred.h"
#include "hil/flash.h"

#include <stdbool.h>

#define MEMORY_FLASH_PAGE 4096u
#define MEMORY_FLASH_UNIT 4u

struct memory_flash {
    struct hil_flash flash;
    struct deferred work;
    uint32_t start; /* address of the area's first byte */
    uint32_t offset;
    struct span bytes; /* to program */
    bool is_erasing;
    bool is_programming;
};

/* The area is [start, start + size): whole pages. Returns &self->flash. */
struct hil_flash *memory_flash_init(struct memory_flash *self, uint32_t start,
                                    uint32_t size);
