/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Which process runs next and for how long.
 *
 * A scheduler is a struct of the board with these two operations; the loop
 * asks it before each run of a process and tells it afterwards how that ended.
 *
 * Context: kernel thread only.
 */

#include <stdint.h>

struct process;
struct scheduler;

#define SCHEDULER_NO_LIMIT 0u /* slice of a process that may run on */

enum scheduler_reason {
    SCHEDULER_EXPIRED,   /* the slice is used up                       */
    SCHEDULER_PREEMPTED, /* the kernel has work; the slice is not over */
    SCHEDULER_NO_WORK,   /* the process waits, or ended                */
};

struct scheduler_ops {
    /* A ready process and its slice; null to sleep. */
    struct process *(*next)(struct scheduler *self, uint32_t *slice_us);
    /* The process that next named has run; left_us of its slice is unused. */
    void (*ran)(struct scheduler *self, enum scheduler_reason reason,
                uint32_t left_us);
};

/* First member of every scheduler. */
struct scheduler {
    const struct scheduler_ops *ops;
};

/*
 * Round robin: every ready process in turn, 10 ms each. A process that the
 * kernel interrupted continues with the rest of its slice.
 */
#define SCHED_RR_SLICE_US 10000u

struct sched_rr {
    struct scheduler scheduler;
    uint32_t at;      /* slot that ran last, or runs */
    uint32_t left_us; /* rest of its slice; 0 = its turn is over */
};

/* Returns &self->scheduler, for the board's config. */
struct scheduler *sched_rr_init(struct sched_rr *self);
