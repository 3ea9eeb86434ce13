/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A source of bits that others cannot foresee, for seeding a generator.
 *
 * How many of the 32 bits are worth something is the source's to say in its
 * header. Synchronous: a slow source answers with what it has.
 * Context: kernel thread only.
 */

#include <stdint.h>

struct hil_entropy;

struct hil_entropy_ops {
    uint32_t (*gather)(struct hil_entropy *self);
};

/* First member of every source. */
struct hil_entropy {
    const struct hil_entropy_ops *ops;
};
