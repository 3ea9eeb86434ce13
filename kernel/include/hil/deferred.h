/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Work put off until the kernel loop runs next.
 *
 * A driver that would call back inside the call that caused it sets a
 * deferred instead. The queue is a list through the objects: no limit, no
 * allocation. Setting one that is set already does nothing. Each is run once,
 * in the order they were set, and may set itself again while it runs.
 *
 * Deferred work comes before all processes. A computation of unknown length
 * would keep them waiting: it is done in pieces in the background, one piece
 * when no process is ready, and else one after each process that ran.
 *
 * Ownership: the object stays its owner's and lives as long as the kernel.
 * Context: kernel thread only, not from an interrupt.
 */

#include <stdbool.h>

struct deferred;

struct deferred {
    void (*run)(struct deferred *self);
    struct deferred *next; /* private */
    bool is_set;           /* private */
};

void deferred_set(struct deferred *self);

/* Before all others that wait: for what goes on in steps, so that no other
 * driver sees the state in between. */
void deferred_set_first(struct deferred *self);

/* For the next piece of a long computation: at most about a millisecond. */
void deferred_set_background(struct deferred *self);
