/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Random bytes by computation: ChaCha20 (RFC 8439) keyed from a seed and, at
 * each request, stirred with what the board's source of entropy gives.
 *
 * Each block of output makes the next key as well, so that whoever sees the
 * state learns nothing of the bytes handed out before.
 *
 * The bytes are as good as the source: from a true one they are fit for keys.
 * The boards for QEMU have only their clock (virtual/clock_entropy.h); there
 * they pass every statistical test and protect nothing.
 *
 * Context: kernel thread only.
 */

#include "hil/deferred.h"
#include "hil/entropy.h"
#include "hil/rng.h"

#include <stdbool.h>
#include <stdint.h>

#define SOFTWARE_RNG_KEY 8u /* words */

struct software_rng {
    struct hil_rng rng;
    struct deferred done;
    struct hil_entropy *source;
    uint32_t key[SOFTWARE_RNG_KEY];
    bool is_busy;
};

/* seed tells boards apart; it need not be secret. Returns &self->rng. */
struct hil_rng *software_rng_init(struct software_rng *self,
                                  struct hil_entropy *source, uint32_t seed);
