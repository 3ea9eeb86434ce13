/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The kernel's part of each grant: what Subscribe and the Allows swap.
 *
 * A grant block is a head, one slot for each upcall, read-only and read-write
 * buffer of the driver, and the capsule's own struct. The table at the top of
 * the process's RAM block has the address of each grant, 0 for none.
 */

#include "capsule/grant.h"
#include "kernel/process.h"
#include "memory.h"

/* An upcall: fn, userdata. A buffer: addr, len. */
struct grant_slot {
    uint32_t first;
    uint32_t second;
};

enum grant_kind {
    GRANT_UPCALL,
    GRANT_READONLY,
    GRANT_WRITABLE,
};

/*
 * The slot for Subscribe and Allow; allocates the grant if need be. TOCK_NOMEM:
 * no memory, or the driver has no grant. TOCK_NOSUPPORT: no such number.
 */
MUST_USE enum tock_error grant_slot(const struct driver *driver,
                                    struct process *p, enum grant_kind kind,
                                    uint32_t number, struct grant_slot **out);

/* How many grants the process has; 0 if it is not alive. */
uint32_t grant_count_used(const struct process *p);

/* Does this alive process have the grant of this driver, which has one? */
static inline bool grant_exists(const struct driver *driver,
                                const struct process *p)
{
    return *process_grant_entry(process_table_start(p), driver->grant_slot) !=
           0;
}

/* Like grant_slot without allocating; null if there is none. */
const struct grant_slot *grant_slot_existing(const struct driver *driver,
                                             const struct process *p,
                                             enum grant_kind kind,
                                             uint32_t number);
