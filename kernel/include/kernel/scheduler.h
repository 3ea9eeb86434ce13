/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Which process runs next and for how long.
 *
 * A scheduler is a struct of the board with these two operations; the loop
 * asks it before each run of a process and tells it afterwards how that ended.
 * The board's main.c makes one of those below, or its own; the linker leaves
 * the others out.
 *
 * Context: kernel thread only.
 */

#include <stdbool.h>
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
    /* The process that next named has run. Its slice's timer runs on: who
     * counts time asks it. */
    void (*ran)(struct scheduler *self, enum scheduler_reason reason);
    /* True if a process that the running one made ready waits for its turn;
     * if false, next is asked at once whether it comes first. */
    bool is_in_turn;
};

/* First member of every scheduler. */
struct scheduler {
    const struct scheduler_ops *ops;
};

/*
 * Round robin: every ready process in turn, 10 ms each. A process that the
 * kernel interrupted continues with the rest of its slice, which goes on while
 * the kernel works.
 *
 * Cooperative: likewise in turn, but each until it waits or ends. One that
 * never does keeps all others from running.
 */
#define SCHED_RR_SLICE_US 10000u

struct sched_rr {
    struct scheduler scheduler;
    uint32_t slice_us; /* SCHEDULER_NO_LIMIT: cooperative */
    uint32_t at;       /* slot that ran last, or runs     */
    bool goes_on;      /* its turn is not over            */
};

/* All of these return &self->scheduler, for the board's config. */
struct scheduler *sched_rr_init(struct sched_rr *self);
struct scheduler *sched_cooperative_init(struct sched_rr *self);

/*
 * Priority: the ready process in the lowest slot, until one in a lower slot is
 * ready. Apps are in slots in the order of the loader: those with a fixed
 * address first, then as they lie in flash.
 */
struct sched_priority {
    struct scheduler scheduler;
};

struct scheduler *sched_priority_init(struct sched_priority *self);

/*
 * Multi-level feedback queue: who waits often goes before who computes. A
 * process begins on level 0. When it has run for the level's time, in however
 * many pieces, it goes one level down; there it runs longer, but only when no
 * process of a higher level is ready. Each 5 s of process time all go back to
 * level 0, so that nobody starves.
 */
#define SCHED_MLFQ_LEVELS     3u
#define SCHED_MLFQ_PROMOTE_US 5000000u

struct sched_mlfq_process {
    uint32_t id;      /* of the life that the rest is about */
    uint32_t used_us; /* on this level                      */
    uint8_t level;
};

struct sched_mlfq {
    struct scheduler scheduler;
    struct sched_mlfq_process *processes; /* the board's, one per slot */
    uint32_t at[SCHED_MLFQ_LEVELS];       /* slot whose turn was last      */
    uint32_t running;                     /* slot that next named          */
    uint32_t slice_us;                    /* and its slice                 */
    uint32_t since_promotion_us;
};

struct scheduler *sched_mlfq_init(struct sched_mlfq *self,
                                  struct sched_mlfq_process *processes);
