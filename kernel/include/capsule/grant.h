/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Grants: a capsule's own struct for each process, kept in that process's RAM.
 *
 * The memory is cut from the process's block when it is first needed, starts
 * as zeros, and vanishes with the process. So a process can only exhaust
 * itself. Usage:
 *
 *     struct grant grant;
 *     enum tock_error error = grant_enter(&self->driver, process, &grant);
 *
 *     if (error != TOCK_OK)
 *         return command_failure(error);
 *     struct thing *mine = GRANT_DATA(&grant, struct thing);
 *     ...
 *     grant_leave(&grant);
 *
 * A grant that is entered cannot be entered again: that is an error, never a
 * panic. Between enter and leave call nothing that calls back.
 *
 * Ownership: the data pointer is good until grant_leave.
 * Context: kernel thread only.
 */

#include "capsule/driver.h"

struct grant_block;

struct grant {
    struct grant_block *block;   /* private */
    const struct driver *driver; /* private */
};

/*
 * TOCK_OK: entered. TOCK_NOMEM: the process has no memory left for it (or the
 * driver has no grant). TOCK_BUSY: it is entered already. TOCK_FAIL: the
 * process is not alive.
 */
MUST_USE enum tock_error grant_enter(const struct driver *driver,
                                     struct process *process,
                                     struct grant *out);

/* Like grant_enter, but never allocates: TOCK_NOMEM if there is none yet.
 * For walks over all processes. */
MUST_USE enum tock_error grant_enter_existing(const struct driver *driver,
                                              struct process *process,
                                              struct grant *out);

void grant_leave(struct grant *grant);

/* The data, after a check that type is no larger than the layout's size. */
void *grant_data(const struct grant *grant, size_t size);

#define GRANT_DATA(grant, type) ((type *)grant_data((grant), sizeof(type)))

/*
 * More memory of a process than the grant has, as much as it can give: for
 * queues and copies whose size only the running system tells. It lasts as long
 * as the process and cannot be freed before.
 *
 *     struct grant_piece piece;
 *
 *     if (grant_piece_new(process, sizeof(struct thing), &piece) == TOCK_OK)
 *         ...keep the piece; in each later call:
 *     struct thing *thing = GRANT_PIECE_ENTER(&piece, struct thing);
 *
 *     if (thing != NULL) {
 *         ...
 *         grant_piece_leave(&piece);
 *     }
 *
 * Null: the process has ended (so has the memory), or the piece is entered.
 */
struct grant_piece {
    struct process_ref owner; /* private */
    uint32_t addr;            /* private */
    uint32_t size;            /* private */
};

/* TOCK_OK: size zeroed bytes. TOCK_NOMEM: the process has not that many left.
 * TOCK_FAIL: it is not alive. */
MUST_USE enum tock_error grant_piece_new(struct process *process, uint32_t size,
                                         struct grant_piece *out);

void *grant_piece_enter(const struct grant_piece *piece, size_t size);
void grant_piece_leave(const struct grant_piece *piece);

#define GRANT_PIECE_ENTER(piece, type) \
    ((type *)grant_piece_enter((piece), sizeof(type)))
