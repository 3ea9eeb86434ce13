/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sha2/hmac.h"

#include "base/mem.h"

enum { INNER = 0x36, OUTER = 0x5c };

/* A key that is longer than a block is replaced by its digest. */
static bool is_long(const struct hmac *self)
{
    return self->key_len > sha2_block_len(self->sha.kind);
}

/* Begins a message with the key's block, every byte changed. */
static void begin_with_key(struct hmac *self, uint8_t change)
{
    uint32_t len = sha2_block_len(self->sha.kind);
    uint8_t block[SHA2_MAX_BLOCK];

    for (uint32_t i = 0; i < len; i++)
        block[i] = self->key[i] ^ change;
    sha2_begin(&self->sha, self->sha.kind);
    sha2_add(&self->sha, (struct span){block, len});
}

static void end_key(struct hmac *self)
{
    if (is_long(self))
        sha2_finish(&self->sha, (struct span){self->key, sizeof(self->key)});
    begin_with_key(self, INNER);
}

void hmac_begin(struct hmac *self, enum sha2_kind kind, uint32_t key_len)
{
    *self = (struct hmac){.key_len = key_len};
    sha2_begin(&self->sha, kind);
}

bool hmac_add_key(struct hmac *self, struct span bytes)
{
    struct span key = {self->key, sizeof(self->key)};

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
    begin_with_key(self, OUTER);
    sha2_add(&self->sha, (struct span){digest, len});
    sha2_finish(&self->sha, out);
    *self = (struct hmac){0};
}
