/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/self.h"
#include "lifecycle.h"
#include "state.h"

/* Is something left of the slice? What the kernel did since the process ran is
 * off: it did it for this process most likely, whose calls could keep the
 * kernel busy for many slices else. */
static bool has_rest(const struct sched_rr *self, uint32_t *left_us)
{
    struct hil_slice_timer *timer = kernel.config->slice_timer;

    *left_us = SCHEDULER_NO_LIMIT;
    if (self->slice_us == SCHEDULER_NO_LIMIT)
        return true;
    *left_us = timer->ops->remaining_us(timer);
    return *left_us != 0;
}

static struct process *next(struct scheduler *scheduler, uint32_t *slice_us)
{
    struct sched_rr *self = CAPSULE_SELF(struct sched_rr, scheduler, scheduler);
    struct process *processes = kernel.config->processes;
    uint32_t count = kernel.slots_used;

    if (self->goes_on && process_is_ready(&processes[self->at]) &&
        has_rest(self, slice_us))
        return &processes[self->at];
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

static void ran(struct scheduler *scheduler, enum scheduler_reason reason)
{
    struct sched_rr *self = CAPSULE_SELF(struct sched_rr, scheduler, scheduler);

    self->goes_on = reason == SCHEDULER_PREEMPTED;
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
