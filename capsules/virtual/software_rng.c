/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "software_rng.h"

#include "capsule/self.h"

enum { WORDS = 16, ROUNDS = 20, KEY_AT = 4 };

/* Half of a block is handed out, the other half is the next key. */
#define OUTPUT_BYTES (4u * (WORDS - SOFTWARE_RNG_KEY))

struct block {
    uint32_t words[WORDS];
};

static uint32_t rotate(uint32_t value, uint32_t by)
{
    return value << by | value >> (32 - by);
}

/* RFC 8439, 2.1 */
static void quarter_round(struct block *x, uint32_t a, uint32_t b, uint32_t c,
                          uint32_t d)
{
    x->words[a] += x->words[b];
    x->words[d] = rotate(x->words[d] ^ x->words[a], 16);
    x->words[c] += x->words[d];
    x->words[b] = rotate(x->words[b] ^ x->words[c], 12);
    x->words[a] += x->words[b];
    x->words[d] = rotate(x->words[d] ^ x->words[a], 8);
    x->words[c] += x->words[d];
    x->words[b] = rotate(x->words[b] ^ x->words[c], 7);
}

/* RFC 8439, 2.3: the columns, then the diagonals. */
static void permute(struct block *x)
{
    struct block start = *x;

    for (uint32_t round = 0; round < ROUNDS; round += 2) {
        for (uint32_t i = 0; i < 4; i++)
            quarter_round(x, i, 4 + i, 8 + i, 12 + i);
        for (uint32_t i = 0; i < 4; i++)
            quarter_round(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4,
                          12 + (i + 3) % 4);
    }
    for (uint32_t i = 0; i < WORDS; i++)
        x->words[i] += start.words[i];
}

/* A key is used for one block only: counter and nonce stay 0. */
static struct block next_block(struct software_rng *self)
{
    struct block x = {{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}};

    for (uint32_t i = 0; i < SOFTWARE_RNG_KEY; i++)
        x.words[KEY_AT + i] = self->key[i];
    permute(&x);
    for (uint32_t i = 0; i < SOFTWARE_RNG_KEY; i++)
        self->key[i] = x.words[i];
    return x;
}

static void output(struct software_rng *self, struct span to)
{
    struct block x = next_block(self);

    for (uint32_t at = 0; at < to.len; at++)
        span_set(to, at,
                 (uint8_t)(x.words[SOFTWARE_RNG_KEY + at / 4] >> (at % 4 * 8)));
}

static void stir(struct software_rng *self)
{
    self->key[0] ^= self->source->ops->gather(self->source);
}

static void run_done(struct deferred *done)
{
    struct software_rng *self = CAPSULE_SELF(struct software_rng, done, done);
    struct hil_rng_client *client = self->rng.client;

    self->is_busy = false;
    client->ops->filled(client, TOCK_OK);
}

static enum tock_error fill(struct hil_rng *rng, struct span buffer)
{
    struct software_rng *self = CAPSULE_SELF(struct software_rng, rng, rng);

    if (self->is_busy)
        return TOCK_BUSY;
    self->is_busy = true;
    stir(self);
    for (uint32_t at = 0; at < buffer.len; at += OUTPUT_BYTES)
        output(self, span_part(buffer, at, OUTPUT_BYTES));
    deferred_set(&self->done);
    return TOCK_OK;
}

struct hil_rng *software_rng_init(struct software_rng *self,
                                  struct hil_entropy *source, uint32_t seed)
{
    static const struct hil_rng_ops ops = {.fill = fill};

    *self = (struct software_rng){
        .rng = {.ops = &ops},
        .done = {.run = run_done},
        .source = source,
        .key = {0, seed},
    };
    return &self->rng;
}
