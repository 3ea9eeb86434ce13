/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sha2/sha2.h"

#include <stdbool.h>

enum { WORDS = 16, ROUNDS_256 = 64, ROUNDS_512 = 80 };

/*
 * FIPS 180-4, 4.2.3: of the cube roots of the first primes, the first 64 bits
 * of the fraction. The 32-bit functions use the first 32 of these.
 */
static const uint64_t round_constants[ROUNDS_512] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f,
    0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019,
    0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242,
    0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
    0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3,
    0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275,
    0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f,
    0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
    0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc,
    0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6,
    0x92722c851482353b, 0xa2bfe8a14cf10364, 0xa81a664bbc423001,
    0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
    0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99,
    0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb,
    0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc,
    0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915,
    0xc67178f2e372532b, 0xca273eceea26619c, 0xd186b8c721c0c207,
    0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba,
    0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
    0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a,
    0x5fcb6fab3ad6faec, 0x6c44198c4a475817};

/* 5.3: of the square roots of the first primes. */
static const uint64_t starts[4][8] = {
    [SHA2_224] = {0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31,
                  0x68581511, 0x64f98fa7, 0xbefa4fa4},
    [SHA2_256] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                  0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
    [SHA2_384] = {0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17,
                  0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511,
                  0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4},
    [SHA2_512] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                  0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                  0x1f83d9abfb41bd6b, 0x5be0cd19137e2179},
};

static bool is_64_bit(enum sha2_kind kind)
{
    return kind >= SHA2_384;
}

uint32_t sha2_block_len(enum sha2_kind kind)
{
    return is_64_bit(kind) ? 128 : 64;
}

uint32_t sha2_digest_len(enum sha2_kind kind)
{
    static const uint8_t lens[] = {
        [SHA2_224] = 28, [SHA2_256] = 32, [SHA2_384] = 48, [SHA2_512] = 64};

    return lens[kind];
}

/* --- one block ------------------------------------------------------------ */

static uint32_t ror32(uint32_t x, uint32_t by)
{
    return x >> by | x << (32 - by);
}

static uint64_t ror64(uint64_t x, uint32_t by)
{
    return x >> by | x << (64 - by);
}

static uint64_t load_big_endian(const uint8_t *bytes, uint32_t len)
{
    uint64_t value = 0;

    for (uint32_t i = 0; i < len; i++)
        value = value << 8 | bytes[i];
    return value;
}

/*
 * 6.2.2 and 6.4.2. The schedule needs only the last 16 words at a time: w[t %
 * 16] is replaced by the one 16 rounds on when it has been used.
 */
static void compress_256(uint64_t state[8], const uint8_t *block)
{
    uint32_t s[8];
    uint32_t w[WORDS];

    for (uint32_t i = 0; i < WORDS; i++)
        w[i] = (uint32_t)load_big_endian(block + 4 * i, 4);
    for (uint32_t i = 0; i < 8; i++)
        s[i] = (uint32_t)state[i];
    for (uint32_t t = 0; t < ROUNDS_256; t++) {
        uint32_t t1 = s[7] +
                      (ror32(s[4], 6) ^ ror32(s[4], 11) ^ ror32(s[4], 25)) +
                      ((s[4] & s[5]) ^ (~s[4] & s[6])) +
                      (uint32_t)(round_constants[t] >> 32) + w[t % WORDS];
        uint32_t t2 = (ror32(s[0], 2) ^ ror32(s[0], 13) ^ ror32(s[0], 22)) +
                      ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        uint32_t w2 = w[(t + 14) % WORDS];
        uint32_t w15 = w[(t + 1) % WORDS];

        w[t % WORDS] += (ror32(w2, 17) ^ ror32(w2, 19) ^ w2 >> 10) +
                        w[(t + 9) % WORDS] +
                        (ror32(w15, 7) ^ ror32(w15, 18) ^ w15 >> 3);
        for (uint32_t i = 7; i > 0; i--)
            s[i] = s[i - 1];
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (uint32_t i = 0; i < 8; i++)
        state[i] = (uint32_t)state[i] + s[i];
}

static void compress_512(uint64_t state[8], const uint8_t *block)
{
    uint64_t s[8];
    uint64_t w[WORDS];

    for (uint32_t i = 0; i < WORDS; i++)
        w[i] = load_big_endian(block + 8 * i, 8);
    for (uint32_t i = 0; i < 8; i++)
        s[i] = state[i];
    for (uint32_t t = 0; t < ROUNDS_512; t++) {
        uint64_t t1 = s[7] +
                      (ror64(s[4], 14) ^ ror64(s[4], 18) ^ ror64(s[4], 41)) +
                      ((s[4] & s[5]) ^ (~s[4] & s[6])) + round_constants[t] +
                      w[t % WORDS];
        uint64_t t2 = (ror64(s[0], 28) ^ ror64(s[0], 34) ^ ror64(s[0], 39)) +
                      ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        uint64_t w2 = w[(t + 14) % WORDS];
        uint64_t w15 = w[(t + 1) % WORDS];

        w[t % WORDS] += (ror64(w2, 19) ^ ror64(w2, 61) ^ w2 >> 6) +
                        w[(t + 9) % WORDS] +
                        (ror64(w15, 1) ^ ror64(w15, 8) ^ w15 >> 7);
        for (uint32_t i = 7; i > 0; i--)
            s[i] = s[i - 1];
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (uint32_t i = 0; i < 8; i++)
        state[i] += s[i];
}

static void compress(struct sha2 *self)
{
    if (is_64_bit(self->kind))
        compress_512(self->state, self->block);
    else
        compress_256(self->state, self->block);
}

/* --- the message ---------------------------------------------------------- */

void sha2_begin(struct sha2 *self, enum sha2_kind kind)
{
    *self = (struct sha2){.kind = kind};
    for (uint32_t i = 0; i < 8; i++)
        self->state[i] = starts[kind][i];
}

void sha2_add(struct sha2 *self, struct span bytes)
{
    uint32_t block_len = sha2_block_len(self->kind);
    uint32_t done = 0;

    while (done < bytes.len) {
        uint32_t used = (uint32_t)(self->len % block_len);
        struct span room = {self->block + used, block_len - used};
        uint32_t count = span_copy(room, span_part(bytes, done, room.len));

        done += count;
        self->len += count;
        if (count == room.len)
            compress(self);
    }
}

/* 5.1: a bit 1, zeros, and the length in bits at the end of a block. Its upper
 * half is 0 for the 64-bit kinds: no message is so long. */
static void pad(struct sha2 *self)
{
    uint32_t block_len = sha2_block_len(self->kind);
    uint32_t length_len = block_len / 8;
    uint64_t bits = self->len * 8;
    uint32_t used = (uint32_t)(self->len % block_len);

    self->block[used++] = 0x80;
    if (used > block_len - length_len) {
        memset(self->block + used, 0, block_len - used);
        compress(self);
        used = 0;
    }
    memset(self->block + used, 0, block_len - used);
    for (uint32_t i = 1; i <= 8; i++) {
        self->block[block_len - i] = (uint8_t)bits;
        bits >>= 8;
    }
    compress(self);
}

void sha2_finish(struct sha2 *self, struct span out)
{
    uint32_t word_len = is_64_bit(self->kind) ? 8 : 4;
    uint32_t len = sha2_digest_len(self->kind);

    pad(self);
    for (uint32_t i = 0; i < len; i++) {
        uint64_t word = self->state[i / word_len];

        span_set(out, i, (uint8_t)(word >> 8 * (word_len - 1 - i % word_len)));
    }
    *self = (struct sha2){.kind = self->kind};
}
