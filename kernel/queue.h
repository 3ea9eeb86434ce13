/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The queue of upcalls of one process. Which upcall gets in when it is full is
 * decided in upcall.c; here are the moves. The process is alive.
 */

#include "base/attr.h"
#include "grant.h"
#include "kernel/process.h"

#include <stdbool.h>

/* An id that no upcall has: for WaitFor on drivers that do not exist. */
#define UPCALL_ID_NONE ((struct upcall_id){0xffu, 0xffu})

static inline bool upcall_id_equal(struct upcall_id a, struct upcall_id b)
{
    return a.driver == b.driver && a.number == b.number;
}

bool queue_has(const struct upcall_queue *queue, struct upcall_id id);

/* Takes out the oldest of this id; false if there is none. */
MUST_USE bool queue_take_id(struct upcall_queue *queue, struct upcall_id id,
                            struct upcall_args *out);

/* Adds at the end; there is room. */
void queue_add(struct upcall_queue *queue, struct upcall_id id,
               const struct upcall_args *args);

/* Those of this id with this first argument. */
void queue_remove_some(struct upcall_queue *queue, struct upcall_id id,
                       uint32_t arg0);

void queue_remove_all(struct upcall_queue *queue, struct upcall_id id);

/* How many of this id wait; and removes the oldest of them. */
uint32_t queue_count_id(const struct upcall_queue *queue, struct upcall_id id);
void queue_remove_id(struct upcall_queue *queue, struct upcall_id id);

/* Function and userdata of the upcalls of this id; function 0 for a null one.
 */
struct grant_slot queue_function(const struct process *p, struct upcall_id id);

/* How many upcalls with a function wait. */
uint32_t queue_count_calls(const struct process *p);

/* Removes null upcalls from the front; true if another upcall is then there. */
bool queue_skip_null(struct process *p);

/* Takes out the oldest, of which there is one. */
struct upcall_id queue_take(struct upcall_queue *queue,
                            struct upcall_args *out);

/* Removes the oldest null upcall; false if there is none. */
bool queue_evict_null(struct process *p);
