/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "aes/modes.h"

static struct span block_span(struct aes_block *block)
{
    return (struct span){block->bytes, AES_BLOCK};
}

static void add(struct aes_block *to, const struct aes_block *block)
{
    for (uint32_t i = 0; i < AES_BLOCK; i++)
        to->bytes[i] ^= block->bytes[i];
}

void aes_ecb(const struct aes128 *key, bool is_encrypt, struct span bytes)
{
    for (uint32_t at = 0; bytes.len - at >= AES_BLOCK; at += AES_BLOCK) {
        struct span here = span_part(bytes, at, AES_BLOCK);
        struct aes_block block;

        span_copy(block_span(&block), here);
        if (is_encrypt)
            aes128_encrypt(key, &block);
        else
            aes128_decrypt(key, &block);
        span_copy(here, block_span(&block));
    }
}

static void cbc_block(const struct aes128 *key, bool is_encrypt,
                      struct aes_block *chain, struct aes_block *block)
{
    struct aes_block given = *block;

    if (is_encrypt) {
        add(block, chain);
        aes128_encrypt(key, block);
        *chain = *block;
    } else {
        aes128_decrypt(key, block);
        add(block, chain);
        *chain = given;
    }
}

void aes_cbc(const struct aes128 *key, bool is_encrypt, struct aes_block *chain,
             struct span bytes)
{
    for (uint32_t at = 0; bytes.len - at >= AES_BLOCK; at += AES_BLOCK) {
        struct span here = span_part(bytes, at, AES_BLOCK);
        struct aes_block block;

        span_copy(block_span(&block), here);
        cbc_block(key, is_encrypt, chain, &block);
        span_copy(here, block_span(&block));
    }
}

static void next_stream(const struct aes128 *key, struct aes_ctr *ctr)
{
    uint32_t i = AES_BLOCK;

    ctr->stream = ctr->counter;
    aes128_encrypt(key, &ctr->stream);
    do
        i--;
    while (++ctr->counter.bytes[i] == 0 && i != 0);
}

void aes_ctr(const struct aes128 *key, struct aes_ctr *ctr, struct span bytes)
{
    for (uint32_t at = 0; at < bytes.len; at++) {
        if (ctr->used == 0)
            next_stream(key, ctr);
        span_set(bytes, at, span_get(bytes, at) ^ ctr->stream.bytes[ctr->used]);
        ctr->used = (ctr->used + 1) % AES_BLOCK;
    }
}
