/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Modes of operation (NIST SP 800-38A) over aes/aes.h, in place and in pieces:
 * what one call leaves in the state the next goes on with.
 *
 * ECB and CBC take whole blocks only; what is behind the last one is not
 * touched. CTR takes any length; encrypting and decrypting are the same.
 *
 * Context: pure functions, any.
 */

#include "aes/aes.h"
#include "base/span.h"

#include <stdbool.h>

void aes_ecb(const struct aes128 *key, bool is_encrypt, struct span bytes);

/* chain: the initialization vector, then the last block of cipher text. */
void aes_cbc(const struct aes128 *key, bool is_encrypt, struct aes_block *chain,
             struct span bytes);

/* All zero but for the counter to begin with. */
struct aes_ctr {
    struct aes_block counter; /* of the next block, big-endian          */
    struct aes_block stream;  /* of the block under way                 */
    uint32_t used;            /* bytes of it; 0: a new one is needed    */
};

void aes_ctr(const struct aes128 *key, struct aes_ctr *ctr, struct span bytes);
