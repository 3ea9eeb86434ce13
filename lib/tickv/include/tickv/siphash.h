/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a 64-bit hash with a key.
 *
 * Under a secret key nobody else can find two texts with one hash. Databases
 * in the TicKV format use a key of zeros, which is no secret.
 *
 * Context: pure functions, any.
 */

#include "base/span.h"

#include <stdint.h>

/* The key's two halves, as the little-endian numbers its bytes are. */
struct siphash_key {
    uint64_t low;
    uint64_t high;
};

uint64_t siphash_24(struct siphash_key key, struct span text);
