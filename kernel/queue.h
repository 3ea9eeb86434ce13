/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The queue of upcalls of one process. Which upcall gets in when it is full is
 * decided in upcall.c; here are the moves.
 */

#include "base/attr.h"
#include "kernel/process.h"

#include <stdbool.h>

/* An id that no upcall has: for WaitFor on drivers that do not exist. */
#define UPCALL_ID_NONE ((struct upcall_id){0xffffu, 0xffffu})

static inline bool upcall_id_equal(struct upcall_id a, struct upcall_id b)
{
    return a.driver == b.driver && a.number == b.number;
}

bool queue_has(const struct upcall_queue *queue, struct upcall_id id);

/* Takes out the oldest of all, or the oldest of this id. */
MUST_USE bool queue_take(struct upcall_queue *queue, struct upcall *out);
MUST_USE bool queue_take_id(struct upcall_queue *queue, struct upcall_id id,
                            struct upcall *out);

/* Adds at the end; there is room. */
void queue_add(struct upcall_queue *queue, const struct upcall *upcall);

void queue_remove_all(struct upcall_queue *queue, struct upcall_id id);

/* Removes null upcalls from the front; true if another upcall is then there. */
bool queue_skip_null(struct upcall_queue *queue);

/* Removes the oldest null upcall; false if there is none. */
bool queue_evict_null(struct upcall_queue *queue);

/* How many upcalls with a function wait. */
uint32_t queue_count_calls(const struct upcall_queue *queue);

/* Of one id, how many null upcalls wait; and remove the oldest of them. */
uint32_t queue_count_null(const struct upcall_queue *queue,
                          struct upcall_id id);
void queue_evict_null_id(struct upcall_queue *queue, struct upcall_id id);
