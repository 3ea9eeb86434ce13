/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * AES with keys of 128 bits (FIPS 197), block by block.
 *
 * Small, with two tables of 256 bytes. They are looked up by secret bytes: on
 * a processor with a data cache, how long that takes tells something of them.
 * The microcontrollers this is for have none.
 *
 * Context: pure functions, any.
 */

#include <stdint.h>

#define AES_BLOCK 16u

struct aes_block {
    uint8_t bytes[AES_BLOCK];
};

/* A key, ready for use. */
struct aes128 {
    struct aes_block rounds[11];
};

void aes128_init(struct aes128 *self, const struct aes_block *key);

void aes128_encrypt(const struct aes128 *self, struct aes_block *block);
void aes128_decrypt(const struct aes128 *self, struct aes_block *block);
