/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/self.h"
#include "lifecycle.h"
#include "state.h"

/* A rest that is too short to be worth a switch, and never 0: that would mean
 * no limit. */
#define REST_MIN_US 1000u

/* Time on each level before a process goes to the next one. */
static const uint32_t level_us[SCHED_MLFQ_LEVELS] = {10000, 20000, 50000};

static struct sched_mlfq_process *record(struct sched_mlfq *self, uint32_t slot)
{
    uint32_t id = kernel.config->processes[slot].id;

    if (self->processes[slot].id != id)
        self->processes[slot] = (struct sched_mlfq_process){.id = id};
    return &self->processes[slot];
}

/* The next ready process on this level, in turn; false if there is none. */
static bool next_on(struct sched_mlfq *self, uint32_t level, uint32_t *out)
{
    uint32_t count = kernel.config->process_count;

    for (uint32_t i = 1; i <= count; i++) {
        uint32_t slot = (self->at[level] + i) % count;

        if (process_is_ready(&kernel.config->processes[slot]) &&
            record(self, slot)->level == level) {
            *out = slot;
            return true;
        }
    }
    return false;
}

static struct process *next(struct scheduler *scheduler, uint32_t *slice_us)
{
    struct sched_mlfq *self =
        CAPSULE_SELF(struct sched_mlfq, scheduler, scheduler);
    uint32_t slot;

    for (uint32_t level = 0; level < SCHED_MLFQ_LEVELS; level++) {
        if (!next_on(self, level, &slot))
            continue;
        self->running = slot;
        self->slice_us = level_us[level] - record(self, slot)->used_us;
        *slice_us = self->slice_us;
        return &kernel.config->processes[slot];
    }
    return NULL;
}

static void promote_all(struct sched_mlfq *self)
{
    self->since_promotion_us = 0;
    for (uint32_t i = 0; i < kernel.config->process_count; i++) {
        self->processes[i].level = 0;
        self->processes[i].used_us = 0;
    }
}

/* Of the slice that next gave. */
static uint32_t used_us(const struct sched_mlfq *self)
{
    struct hil_slice_timer *timer = kernel.config->slice_timer;
    uint32_t left_us = timer->ops->remaining_us(timer);

    return left_us < self->slice_us ? self->slice_us - left_us : 0;
}

/* The record is still of the life that ran: only next looks at ids. */
static void ran(struct scheduler *scheduler, enum scheduler_reason reason)
{
    struct sched_mlfq *self =
        CAPSULE_SELF(struct sched_mlfq, scheduler, scheduler);
    struct sched_mlfq_process *process = &self->processes[self->running];
    uint32_t used = used_us(self);
    uint32_t level = process->level;

    process->used_us += used;
    self->since_promotion_us += used;
    if (reason != SCHEDULER_PREEMPTED)
        self->at[level] = self->running;
    if (process->used_us + REST_MIN_US > level_us[level]) {
        self->at[level] = self->running;
        process->used_us = 0;
        if (level + 1 < SCHED_MLFQ_LEVELS)
            process->level++;
    }
    if (self->since_promotion_us >= SCHED_MLFQ_PROMOTE_US)
        promote_all(self);
}

struct scheduler *sched_mlfq_init(struct sched_mlfq *self,
                                  struct sched_mlfq_process *processes)
{
    static const struct scheduler_ops ops = {.next = next, .ran = ran};

    *self = (struct sched_mlfq){
        .scheduler = {&ops},
        .processes = processes,
        .at = {UINT32_MAX, UINT32_MAX, UINT32_MAX},
    };
    return &self->scheduler;
}
