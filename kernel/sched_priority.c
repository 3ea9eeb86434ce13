/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "lifecycle.h"
#include "state.h"

/* What makes a process of a lower slot ready also ends the run of another:
 * interrupts and deferred calls do, and upcall.c sees to the rest. */
static struct process *next(struct scheduler *scheduler, uint32_t *slice_us)
{
    (void)scheduler;
    *slice_us = SCHEDULER_NO_LIMIT;
    for (uint32_t i = 0; i < kernel.config->process_count; i++) {
        if (process_is_ready(&kernel.config->processes[i]))
            return &kernel.config->processes[i];
    }
    return NULL;
}

static void ran(struct scheduler *scheduler, enum scheduler_reason reason)
{
    (void)scheduler;
    (void)reason;
}

struct scheduler *sched_priority_init(struct sched_priority *self)
{
    static const struct scheduler_ops ops = {.next = next, .ran = ran};

    self->scheduler.ops = &ops;
    return &self->scheduler;
}
