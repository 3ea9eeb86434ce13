/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Long computations for processes, in pieces, each process in turn.
 *
 * A driver that computes keeps each process's request in its grant. When it
 * has put one there it calls work_begin; from then on step is called for the
 * processes in turn, a piece each time, in the background (hil/deferred.h), so
 * that neither the size of a buffer nor the number of requests keeps other
 * processes from running. A process that ends takes its request with it.
 *
 * Ownership: a member of the driver. Context: kernel thread only.
 */

#include "capsule/process.h"
#include "hil/deferred.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes of a buffer for one piece: a good part of a millisecond. */
#define WORK_PIECE 256u

struct work {
    /* Does a piece of what this process asked for; false if there is
     * nothing to do for it. */
    bool (*step)(struct work *self, struct process *process);
    struct deferred background; /* private */
    uint32_t last_slot;         /* private: whose turn it was */
};

/* The value that a driver's init function gives its member. */
struct work work_make(bool (*step)(struct work *self, struct process *process));

/* A process has something to do. */
void work_begin(struct work *self);
