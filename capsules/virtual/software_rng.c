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

/* One word of each source for each of the key's; TOCK_BUSY: go on later. */
static enum tock_error stir(struct software_rng *self)
{
    while (self->gathered < SOFTWARE_RNG_SOURCES * SOFTWARE_RNG_KEY) {
        struct hil_entropy *source =
            self->sources[self->gathered / SOFTWARE_RNG_KEY];
        uint32_t word = 0;

        if (source != NULL) {
            enum tock_error status = source->ops->gather(source, &word);

            if (status != TOCK_OK)
                return status;
        }
        self->key[self->gathered % SOFTWARE_RNG_KEY] ^= word;
        self->gathered++;
    }
    return TOCK_OK;
}

static void go_on(struct software_rng *self)
{
    self->status = stir(self);
    if (self->status == TOCK_BUSY)
        return;
    for (uint32_t at = 0; self->status == TOCK_OK && at < self->buffer.len;
         at += OUTPUT_BYTES)
        output(self, span_part(self->buffer, at, OUTPUT_BYTES));
    deferred_set(&self->done);
}

static void ready(struct hil_entropy_client *client)
{
    struct software_rng *self =
        CAPSULE_SELF(struct software_rng, client, client);

    if (self->is_busy && self->status == TOCK_BUSY)
        go_on(self);
}

static void run_done(struct deferred *done)
{
    struct software_rng *self = CAPSULE_SELF(struct software_rng, done, done);
    struct hil_rng_client *client = self->rng.client;

    self->is_busy = false;
    client->ops->filled(client, self->status);
}

static enum tock_error fill(struct hil_rng *rng, struct span buffer)
{
    struct software_rng *self = CAPSULE_SELF(struct software_rng, rng, rng);

    if (self->is_busy)
        return TOCK_BUSY;
    self->is_busy = true;
    self->buffer = buffer;
    self->gathered = 0;
    go_on(self);
    return TOCK_OK;
}

void software_rng_add_source(struct software_rng *self,
                             struct hil_entropy *source)
{
    for (uint32_t i = 0; source != NULL && i < SOFTWARE_RNG_SOURCES; i++) {
        if (self->sources[i] != NULL)
            continue;
        self->sources[i] = source;
        source->client = &self->client;
        return;
    }
}

struct hil_rng *software_rng_init(struct software_rng *self,
                                  struct hil_entropy *source, uint32_t seed)
{
    static const struct hil_rng_ops ops = {.fill = fill};
    static const struct hil_entropy_client_ops client_ops = {.ready = ready};

    *self = (struct software_rng){
        .rng = {.ops = &ops},
        .done = {.run = run_done},
        .client = {&client_ops},
        .key = {0, seed},
    };
    software_rng_add_source(self, source);
    return &self->rng;
}
