/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * SHA-224, SHA-256, SHA-384 and SHA-512 (FIPS 180-4), in pieces.
 *
 *     sha2_begin(&sha, SHA2_256);
 *     sha2_add(&sha, piece); ...any number of times
 *     sha2_finish(&sha, digest);
 *
 * The time taken depends on the length only, not on the bytes.
 *
 * Ownership: the caller's struct; nothing else is kept. sha2_finish wipes it.
 * Context: pure functions, any.
 */

#include "base/span.h"

#include <stdint.h>

enum sha2_kind { SHA2_224, SHA2_256, SHA2_384, SHA2_512 };

#define SHA2_MAX_BLOCK  128u
#define SHA2_MAX_DIGEST 64u

struct sha2 {
    enum sha2_kind kind;
    uint64_t len;      /* bytes added                                   */
    uint64_t state[8]; /* of the 32-bit kinds, the lower halves         */
    uint8_t block[SHA2_MAX_BLOCK]; /* the last len % block length bytes */
};

/* Bytes that the function takes at a time, and that it results in. */
uint32_t sha2_block_len(enum sha2_kind kind);
uint32_t sha2_digest_len(enum sha2_kind kind);

void sha2_begin(struct sha2 *self, enum sha2_kind kind);
void sha2_add(struct sha2 *self, struct span bytes);

/* Writes the digest, or as much of its beginning as out has room for. */
void sha2_finish(struct sha2 *self, struct span out);
