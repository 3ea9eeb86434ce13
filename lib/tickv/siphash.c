/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tickv/siphash.h"

enum { ROUNDS_PER_WORD = 2, ROUNDS_AT_THE_END = 4 };

struct state {
    uint64_t v[4];
};

static uint64_t rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

/* Adds b to a and stirs it into b again; a is turned by half. */
static void mix(uint64_t *a, uint64_t *b, unsigned bits)
{
    *a += *b;
    *b = rotate(*b, bits) ^ *a;
}

static void stir(struct state *s, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        mix(&s->v[0], &s->v[1], 13);
        s->v[0] = rotate(s->v[0], 32);
        mix(&s->v[2], &s->v[3], 16);
        mix(&s->v[0], &s->v[3], 21);
        mix(&s->v[2], &s->v[1], 17);
        s->v[2] = rotate(s->v[2], 32);
    }
}

static void add_word(struct state *s, uint64_t word)
{
    s->v[3] ^= word;
    stir(s, ROUNDS_PER_WORD);
    s->v[0] ^= word;
}

/* Bytes [at, at + 8) of the text as a little-endian number, zeros behind it. */
static uint64_t word_at(struct span text, uint32_t at)
{
    uint64_t word = 0;

    for (uint32_t i = 0; i < 8; i++)
        word |= (uint64_t)span_get(text, at + i) << 8 * i;
    return word;
}

uint64_t siphash_24(struct siphash_key key, struct span text)
{
    struct state s = {{
        key.low ^ 0x736f6d6570736575u,
        key.high ^ 0x646f72616e646f6du,
        key.low ^ 0x6c7967656e657261u,
        key.high ^ 0x7465646279746573u,
    }};
    uint32_t at = 0;

    for (; text.len - at >= 8; at += 8)
        add_word(&s, word_at(text, at));
    add_word(&s, word_at(text, at) | (uint64_t)text.len << 56);
    s.v[2] ^= 0xff;
    stir(&s, ROUNDS_AT_THE_END);
    return s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}
