/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A process's memory: who may touch which bytes, the breaks, the block.
 *
 * Besides the loader, which looks at the app flash before there is a process,
 * only memory.c and this header call arch_bytes.
 */

#include "base/attr.h"
#include "base/bits.h"
#include "base/span.h"
#include "kernel/process.h"
#include "state.h"
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

/*
 * The table of grants at the block's top says how far each grant is below the
 * table, in GRANT_UNITs, 0 for none. Looking one up is inline: a system call
 * does it several times.
 */

/* Of a table for so many grants, in bytes. */
uint32_t grant_table_size(uint32_t count);

/* Where it begins; from there to the block's end nothing else is. */
static inline uint32_t process_table_start(const struct process *p)
{
    return align_down_u32(p->ram.start + p->ram.size, GRANT_UNIT) -
           kernel.grant_table;
}

static inline uint16_t *process_grant_entry(uint32_t table, uint32_t index)
{
    return (uint16_t *)(void *)arch_bytes(table, kernel.grant_table) + index;
}

/* The grant with this index; null if there is none. Panics if what the table
 * says is not the kernel's; the rest is right by how it was taken. */
static inline uint8_t *process_grant(const struct process *p, uint32_t index)
{
    uint32_t table = process_table_start(p);
    uint32_t len = *process_grant_entry(table, index) * GRANT_UNIT;

    if (len == 0)
        return NULL;
    kernel_assert(len <= table - p->kernel_break);
    return arch_bytes(table - len, len);
}

/* Makes these bytes, taken from the process, that grant. */
static inline void process_set_grant(const struct process *p, uint32_t index,
                                     uint32_t addr)
{
    uint32_t table = process_table_start(p);

    *process_grant_entry(table, index) =
        (uint16_t)((table - addr) / GRANT_UNIT);
}

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
