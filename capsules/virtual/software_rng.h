/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Random bytes by computation: ChaCha20 (RFC 8439) keyed from a seed and, at
 * each request, stirred with what the board's sources of entropy give.
 *
 * A request waits until every source has given its part, and fails if one of
 * them has failed: no bytes are better than bytes that only look random.
 *
 * Each block of output makes the next key as well, so that whoever sees the
 * state learns nothing of the bytes handed out before.
 *
 * The bytes are as good as the best of the sources: with a true one they are
 * fit for keys. A board with nothing but its clock (virtual/clock_entropy.h)
 * has bytes that pass every statistical test and protect nothing.
 *
 * Context: kernel thread only.
 */

#include "hil/deferred.h"
#include "hil/entropy.h"
#include "hil/rng.h"

#include <stdbool.h>
#include <stdint.h>

#define SOFTWARE_RNG_KEY     8u /* words */
#define SOFTWARE_RNG_SOURCES 2u

struct software_rng {
    struct hil_rng rng;
    struct deferred done;
    struct hil_entropy_client client;
    struct hil_entropy *sources[SOFTWARE_RNG_SOURCES]; /* null: no more */
    uint32_t key[SOFTWARE_RNG_KEY];
    struct span buffer;     /* of the request                         */
    uint32_t gathered;      /* words of all sources for this request  */
    enum tock_error status; /* of the request that is done            */
    bool is_busy;
};

/* seed tells boards apart; it need not be secret. Returns &self->rng. */
struct hil_rng *software_rng_init(struct software_rng *self,
                                  struct hil_entropy *source, uint32_t seed);

/* One more source, before the first request. Null, or one too many, is left
 * out. */
void software_rng_add_source(struct software_rng *self,
                             struct hil_entropy *source);
