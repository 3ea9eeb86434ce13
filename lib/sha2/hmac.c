/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sha2/hmac.h"

#include "base/attr.h"

enum { INNER = 0x36, OUTER = 0x5c };

/* A key that is longer than a block is replaced by its digest. */
static bool is_long(const struct hmac *self)
{
    return self->key_len > sha2_block_len(self->sha.kind);
}

struct key_block {
    uint8_t bytes[SHA2_MAX_BLOCK];
};

/* Begins a message with the key's block, every byte changed. */
static void begin_with_key(struct hmac *self, struct key_block key,
                           uint8_t change)
{
    uint32_t len = sha2_block_len(self->sha.kind);

    for (uint32_t i = 0; i < len; i++)
        key.bytes[i] ^= change;
    sha2_begin(&self->sha, self->sha.kind);
    sha2_add(&self->sha, (struct span){key.bytes, len});
}

static void end_key(struct hmac *self)
{
    struct key_block key = {{0}};
    struct span bytes = {key.bytes, sizeof(key.bytes)};

    if (is_long(self))
        sha2_finish(&self->sha, bytes);
    else
        span_copy(bytes,
                  (struct span){self->sha.block, sizeof(self->sha.block)});
    begin_with_key(self, key, OUTER);
    for (uint32_t i = 0; i < ARRAY_COUNT(self->outer); i++)
        self->outer[i] = self->sha.state[i];
    begin_with_key(self, key, INNER);
}

/* Goes on behind the outer key, which is one block. */
static void begin_outer(struct hmac *self)
{
    sha2_begin(&self->sha, self->sha.kind);
    for (uint32_t i = 0; i < ARRAY_COUNT(self->outer); i++)
        self->sha.state[i] = self->outer[i];
    self->sha.len = sha2_block_len(self->sha.kind);
}

void hmac_begin(struct hmac *self, enum sha2_kind kind, uint32_t key_len)
{
    *self = (struct hmac){.key_len = key_len};
    sha2_begin(&self->sha, kind);
}

bool hmac_add_key(struct hmac *self, struct span bytes)
{
    struct span key = {self->sha.block, sizeof(self->sha.block)};

    if (is_long(self))
        sha2_add(&self->sha, bytes);
    else
        span_copy(span_part(key, self->key_done, bytes.len), bytes);
    self->key_done += bytes.len;
    if (self->key_done < self->key_len)
        return false;
    end_key(self);
    return true;
}

void hmac_add(struct hmac *self, struct span bytes)
{
    sha2_add(&self->sha, bytes);
}

void hmac_finish(struct hmac *self, struct span out)
{
    uint32_t len = sha2_digest_len(self->sha.kind);
    uint8_t digest[SHA2_MAX_DIGEST];

    sha2_finish(&self->sha, (struct span){digest, len});
    begin_outer(self);
    sha2_add(&self->sha, (struct span){digest, len});
    sha2_finish(&self->sha, out);
    *self = (struct hmac){0};
}
