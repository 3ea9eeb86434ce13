/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Birth, death and rebirth of a process.
 *
 *   EMPTY -> YIELDED (fresh) -> RUNNING <-> YIELDED, YIELDED_FOR
 *                ^                 |
 *                +---- restart ----+--> TERMINATED, FAULTED
 *
 * Whenever a life ends, all upcalls, grants and buffers of the process end
 * with it and every driver that asked for it is told.
 */

#include "kernel/process.h"

#include <stdbool.h>

static inline bool process_is_alive(const struct process *p)
{
    return p->state == PROCESS_RUNNING || p->state == PROCESS_YIELDED ||
           p->state == PROCESS_YIELDED_FOR;
}

/* Could it do something if it got the processor now? */
bool process_is_ready(const struct process *p);

/* Begins a life: new identifier, zeroed memory, ready to run from entry.
 * False if its memory cannot be protected; the state is then unchanged. */
MUST_USE bool process_begin(struct process *p, uint32_t entry);

/* Ends the life of an alive process; state is TERMINATED or FAULTED. */
void process_end(struct process *p, enum process_state state);

/* Ends its life if it has one and begins the next. */
void process_restart(struct process *p);

/* How a life ended; shown also after a restart. */
static inline void process_note_completion(struct process *p,
                                           enum process_completion completion,
                                           uint32_t code)
{
    p->completion = (uint8_t)completion;
    p->completion_code = code;
}
