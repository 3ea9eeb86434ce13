/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Processes as capsules know them: something to pass on, not to look into.
 *
 * A struct process pointer is good only until the capsule returns. What is
 * kept for later is a struct process_ref; it goes dead when the process ends
 * or is restarted.
 *
 * Context: kernel thread only.
 */

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct process;

struct process_ref {
    uint32_t id;
    uint32_t slot;
};

struct process_ref process_ref(const struct process *process);

/* Its index in the board's array, the same for the whole of its life. */
uint32_t process_slot(const struct process *process);

/* The process, or null if that life of it has ended. */
struct process *process_find(struct process_ref ref);

static inline bool process_ref_equal(struct process_ref a, struct process_ref b)
{
    return a.id == b.id && a.slot == b.slot;
}

/* Every process that is alive, in slot order: start with null, ends with
 * null. */
struct process *process_next(const struct process *previous);

/* The process in this slot, also one that has ended; null if there is none. */
struct process *process_in_slot(uint32_t slot);

/* Its app's package name: hostile text, not terminated, maybe empty. Borrowed
 * from flash and good until the capsule returns. */
struct span process_name(const struct process *process);

/* Its app's part of the flash, behind the protected header: what it may write,
 * through a driver. Addresses are the app's. */
struct process_flash {
    uint32_t start;
    uint32_t end;
};

struct process_flash process_app_flash(const struct process *process);
