/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * HMAC (RFC 2104) over the functions of sha2/sha2.h, in pieces: first the key,
 * then the message.
 *
 *     hmac_begin(&hmac, SHA2_256, key_len);
 *     hmac_add_key(&hmac, piece); ...until all of the key is there
 *     hmac_add(&hmac, piece); ...any number of times
 *     hmac_finish(&hmac, code);
 *
 * Ownership: the caller's struct; nothing else is kept. hmac_finish wipes it.
 * Context: pure functions, any.
 */

#include "sha2/sha2.h"

#include <stdbool.h>

struct hmac {
    struct sha2 sha;   /* of a long key, then of the message; its block has */
                       /* the bytes of a short key, with zeros behind them  */
    uint64_t outer[8]; /* the function's state behind the outer key; that   */
                       /* and not the key, which takes twice as much        */
    uint32_t key_len;
    uint32_t key_done;
};

void hmac_begin(struct hmac *self, enum sha2_kind kind, uint32_t key_len);

/* The next bytes of the key; all pieces together are key_len long. True when
 * that is so, also if it is 0. */
bool hmac_add_key(struct hmac *self, struct span bytes);

void hmac_add(struct hmac *self, struct span bytes);

/* Writes the code, or as much of its beginning as out has room for. */
void hmac_finish(struct hmac *self, struct span out);
