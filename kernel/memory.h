/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A process's memory: who may touch which bytes, the breaks, the block.
 *
 * Besides the loader, which looks at the app flash before there is a process,
 * memory.c is the only caller of arch_bytes.
 */

#include "base/attr.h"
#include "base/span.h"
#include "kernel/process.h"
#include "tbf/tbf.h"

#include <stdbool.h>
#include <stdint.h>

/* Grants are so aligned, for any member of a capsule's struct, and lie so near
 * to their table that it can have their places in 16 bits. */
#define GRANT_UNIT 8u
#define GRANT_SPAN (0xffffu * GRANT_UNIT)

/*
 * Bytes that the process may read and write: [addr, addr + len) inside its
 * RAM up to the break. False if they are not.
 */
MUST_USE bool process_bytes(const struct process *p, uint32_t addr,
                            uint32_t len, struct span *out);

/* Likewise for bytes that it may read and share: also its flash, without the
 * protected header. The caller does not write to them. */
MUST_USE bool process_readable_bytes(const struct process *p, uint32_t addr,
                                     uint32_t len, struct span *out);

/* The whole object in flash, flash_size bytes. */
struct span process_flash(const struct process *p);

/* Reads its header again: nobody asks often. False if it is no longer good. */
MUST_USE bool process_header(const struct process *p, struct tbf_header *out);

/* Bytes of the kernel's part of the block; panics if they are not. */
uint8_t *process_kernel_bytes(const struct process *p, uint32_t addr,
                              uint32_t len);

/* The grant with this index in the table at the block's top; null if there is
 * none. Panics if what the table says is not the kernel's. */
uint8_t *process_grant(const struct process *p, uint32_t index);

/* Where that table begins; from there to the block's end nothing else is. */
uint32_t process_table_start(const struct process *p);

/* Makes these bytes, taken from the process, that grant. */
void process_set_grant(const struct process *p, uint32_t index, uint32_t addr);

/* Moves the app break; zeroes what becomes accessible. False: refused. */
MUST_USE bool process_set_break(struct process *p, uint32_t app_break);

/*
 * Takes size bytes, a multiple of GRANT_UNIT, from below the kernel break;
 * zeroed. False if they would come too near to the app's memory.
 */
MUST_USE bool process_take_kernel_bytes(struct process *p, uint32_t size,
                                        uint32_t *addr_out);

/* The end of what the hardware lets the process touch now. */
uint32_t process_enabled_end(const struct process *p);

/*
 * Finds RAM for the process, which has its flash fields already, between the
 * blocks of the others. fixed_start may be PLACE_ANYWHERE.
 */
MUST_USE enum place_status process_place(struct process *p, uint32_t app_size,
                                         uint32_t fixed_start);

/*
 * Zeroes the block, sets both breaks to their first values and plans the
 * protection. False if the hardware cannot protect it.
 */
MUST_USE bool process_reset_memory(struct process *p);
