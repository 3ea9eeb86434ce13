/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/self.h"
#include "lifecycle.h"
#include "state.h"

static struct process *next(struct scheduler *scheduler, uint32_t *slice_us)
{
    struct sched_rr *self = CAPSULE_SELF(struct sched_rr, scheduler, scheduler);
    struct process *processes = kernel.config->processes;
    uint32_t count = kernel.slots_used;

    if (self->goes_on && process_is_ready(&processes[self->at])) {
        *slice_us = self->left_us;
        return &processes[self->at];
    }
    for (uint32_t i = 0, slot = self->at; i < count; i++) {
        slot = slot + 1 < count ? slot + 1 : 0;
        if (process_is_ready(&processes[slot])) {
            self->at = slot;
            *slice_us = self->slice_us;
            return &processes[slot];
        }
    }
    return NULL;
}

/* A rest of 0 would be taken for no limit. */
static void ran(struct scheduler *scheduler, enum scheduler_reason reason,
                uint32_t left_us)
{
    struct sched_rr *self = CAPSULE_SELF(struct sched_rr, scheduler, scheduler);
    bool is_limited = self->slice_us != SCHEDULER_NO_LIMIT;

    self->left_us = is_limited ? left_us : SCHEDULER_NO_LIMIT;
    self->goes_on =
        reason == SCHEDULER_PREEMPTED && !(is_limited && left_us == 0);
}

static struct scheduler *init(struct sched_rr *self, uint32_t slice_us)
{
    static const struct scheduler_ops ops = {
        .next = next, .ran = ran, .is_in_turn = true};

    /* The search begins behind at, so that slot 0 is the first to run. */
    *self = (struct sched_rr){
        .scheduler = {&ops},
        .slice_us = slice_us,
        .at = UINT32_MAX,
    };
    return &self->scheduler;
}

struct scheduler *sched_rr_init(struct sched_rr *self)
{
    return init(self, SCHED_RR_SLICE_US);
}

struct scheduler *sched_cooperative_init(struct sched_rr *self)
{
    return init(self, SCHEDULER_NO_LIMIT);
}
