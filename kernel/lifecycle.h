/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Birth, death and rebirth of a process.
 *
 *   EMPTY --load--> RUNNING <---> YIELDED, YIELDED_FOR
 *     ^               ^   |   each of them also as STOPPED
 *   unload      restart   +-------> TERMINATED <--- FAULTED
 *     |            or boot                |            ^
 *   any state         +-------------------+   or fault-+
 *
 * Whenever a life ends, all upcalls, grants and buffers of the process end
 * with it and every driver that asked for it is told.
 */

#include "kernel/process.h"

#include <stdbool.h>

/* What it does, or would do if it were not stopped. */
static inline enum process_state process_activity(const struct process *p)
{
    return (enum process_state)(p->state & ~PROCESS_STOPPED);
}

static inline bool process_is_alive(const struct process *p)
{
    enum process_state state = process_activity(p);

    return state >= PROCESS_RUNNING && state <= PROCESS_YIELDED_FOR;
}

/* Of one in PROCESS_YIELDED_FOR: has the upcall come that it waits for? */
bool process_is_answered(const struct process *p);

/* Could it do something if it got the processor now? */
static inline bool process_is_ready(const struct process *p)
{
    if (p->state == PROCESS_RUNNING)
        return true;
    if (p->state == PROCESS_YIELDED)
        return p->upcalls.count != 0;
    return p->state == PROCESS_YIELDED_FOR && process_is_answered(p);
}

/* Begins a life: new identifier, zeroed memory, ready to run from entry.
 * False if its memory cannot be protected; the state is then unchanged. */
MUST_USE bool process_begin(struct process *p, uint32_t entry);

/* Ends the life of an alive process; state is TERMINATED or FAULTED. */
void process_end(struct process *p, enum process_state state);

/* Begins the next life of a process whose latest has ended. If that does not
 * work it stays as it is. */
void process_boot(struct process *p);

/* Ends the life of an alive process and begins the next. */
void process_restart(struct process *p);

/* How a life ended; shown also after a restart. */
static inline void process_note_completion(struct process *p,
                                           enum process_completion completion,
                                           uint32_t code)
{
    p->completion = (uint8_t)(completion & 3);
    p->completion_code = code;
}
