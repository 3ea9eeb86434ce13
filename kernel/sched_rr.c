/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/self.h"
#include "lifecycle.h"
#include "state.h"

static struct process *next(struct scheduler *scheduler, uint32_t *slice_us)
{
    struct sched_rr *self = CAPSULE_SELF(struct sched_rr, scheduler, scheduler);
    struct process *processes = kernel.config->processes;
    uint32_t count = kernel.config->process_count;

    if (self->left_us != 0 && process_is_ready(&processes[self->at])) {
        *slice_us = self->left_us;
        return &processes[self->at];
    }
    for (uint32_t i = 1; i <= count; i++) {
        uint32_t slot = (self->at + i) % count;

        if (process_is_ready(&processes[slot])) {
            self->at = slot;
            *slice_us = SCHED_RR_SLICE_US;
            return &processes[slot];
        }
    }
    return NULL;
}

static void ran(struct scheduler *scheduler, enum scheduler_reason reason,
                uint32_t left_us)
{
    struct sched_rr *self = CAPSULE_SELF(struct sched_rr, scheduler, scheduler);

    self->left_us = reason == SCHEDULER_PREEMPTED ? left_us : 0;
}

struct scheduler *sched_rr_init(struct sched_rr *self)
{
    static const struct scheduler_ops ops = {.next = next, .ran = ran};

    /* The search begins behind at, so that slot 0 is the first to run. */
    *self = (struct sched_rr){.scheduler = {&ops}, .at = UINT32_MAX};
    return &self->scheduler;
}
