/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Random bytes, one request at a time.
 *
 * The generator borrows the buffer, of any length, from fill until filled. A
 * fill that answers TOCK_OK ends with exactly one callback, deferred; it may
 * last until a source has something to give, and cannot be cancelled.
 *
 * Context: kernel thread only.
 */

#include "abi/abi.h"
#include "base/span.h"

struct hil_rng;
struct hil_rng_client;

struct hil_rng_client_ops {
    /* The buffer is full of random bytes; or it is not to be used and status
     * says why. */
    void (*filled)(struct hil_rng_client *self, enum tock_error status);
};

/* First member of every client. */
struct hil_rng_client {
    const struct hil_rng_client_ops *ops;
};

struct hil_rng_ops {
    /* TOCK_BUSY: a request is under way. Any error: nothing has begun. */
    enum tock_error (*fill)(struct hil_rng *self, struct span buffer);
};

/* First member of every generator. */
struct hil_rng {
    const struct hil_rng_ops *ops;
    struct hil_rng_client *client; /* set once, at board set-up */
};
