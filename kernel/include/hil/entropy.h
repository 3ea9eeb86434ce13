/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A source of bits that others cannot foresee, for seeding a generator.
 *
 * How many of a word's 32 bits are worth something is the source's to say in
 * its header. A source that has none at the moment says so, and calls its
 * client when it has; a seed that was guessed instead would look like a good
 * one. The callback is never made inside gather.
 *
 * Context: kernel thread only.
 */

#include "abi/abi.h"

#include <stdint.h>

struct hil_entropy;
struct hil_entropy_client;

struct hil_entropy_client_ops {
    /* After TOCK_BUSY: it is worth asking again. */
    void (*ready)(struct hil_entropy_client *self);
};

/* First member of every client. */
struct hil_entropy_client {
    const struct hil_entropy_client_ops *ops;
};

struct hil_entropy_ops {
    /* TOCK_BUSY: not yet. TOCK_FAIL: never again. */
    enum tock_error (*gather)(struct hil_entropy *self, uint32_t *word);
};

/* First member of every source. */
struct hil_entropy {
    const struct hil_entropy_ops *ops;
    struct hil_entropy_client *client; /* set once, at board set-up */
};
