/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The queue of upcalls of one process. Which upcall gets in when it is full is
 * decided in upcall.c; here are the moves. The process is alive.
 */

#include "base/attr.h"
#include "grant.h"
#include "kernel/process.h"
#include "state.h"

#include <stdbool.h>

/* An id that no upcall has: for WaitFor on drivers that do not exist. */
#define UPCALL_ID_NONE ((struct upcall_id){0xffu, 0xffu})

static inline bool upcall_id_equal(struct upcall_id a, struct upcall_id b)
{
    return a.driver == b.driver && a.number == b.number;
}

/* Who sends the upcalls of this id, one that is or was in a queue. */
static inline struct driver *queue_driver(struct upcall_id id)
{
    return kernel.config->drivers[id.driver].driver;
}

bool queue_has(const struct upcall_queue *queue, struct upcall_id id);

/* Takes out the oldest of this id; false if there is none. */
MUST_USE bool queue_take_id(struct upcall_queue *queue, struct upcall_id id,
                            struct upcall_args *out);

/* Removes an entry that there is. */
void queue_remove_at(struct upcall_queue *queue, uint32_t at);

/* Adds at the end; there is room. */
static inline void queue_add(struct upcall_queue *queue, struct upcall_id id,
                             const struct upcall_args *args)
{
    kernel_assert(queue->count < UPCALL_QUEUE_COUNT);
    queue->ids[queue->count] = id;
    queue->args[queue->count] = *args;
    queue->count++;
}

/* Those of this id with this first argument. */
void queue_remove_some(struct upcall_queue *queue, struct upcall_id id,
                       uint32_t arg0);

void queue_remove_all(struct upcall_queue *queue, struct upcall_id id);

/* How many of this id wait; and removes the oldest of them. */
uint32_t queue_count_id(const struct upcall_queue *queue, struct upcall_id id);
void queue_remove_id(struct upcall_queue *queue, struct upcall_id id);

/* Function and userdata of the upcalls of this id; null if they are null ones.
 */
const struct grant_slot *queue_function(const struct process *p,
                                        struct upcall_id id);

/* How many upcalls with a function wait. */
uint32_t queue_count_calls(const struct process *p);

/* Removes null upcalls from the front; true if another upcall is then there. */
bool queue_skip_null(struct process *p);

/* Takes out the oldest, of which there is one. It is mostly alone. */
static inline struct upcall_id queue_take(struct upcall_queue *queue,
                                          struct upcall_args *out)
{
    struct upcall_id id = queue->ids[0];

    *out = queue->args[0];
    if (LIKELY(queue->count == 1))
        queue->count = 0;
    else
        queue_remove_at(queue, 0);
    return id;
}

/* Removes the oldest null upcall; false if there is none. */
bool queue_evict_null(struct process *p);
