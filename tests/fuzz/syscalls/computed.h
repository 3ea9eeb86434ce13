/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What is computed is right: sums, digests, codes and ciphers are compared with
 * those of zlib and OpenSSL, if nobody could have changed the bytes between the
 * request and its upcall. Also, where read-only state is written to.
 *
 * Before a command the result is worked out; if it is accepted, and in the
 * steps after it only hardware moved, the upcall must have told it.
 */

#include "grant.h"
#include "ledger.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <zlib.h>

enum { RESULT_MOST = 512, CIPHER_BLOCK = 16 };
enum { CTR, CBC, ECB, CIPHERS }; /* modes of AES */

static uint64_t total_compared; /* results */

/* What the upcall of this process's request has to tell, or to have written. */
static struct result {
    uint32_t driver; /* 0: unknown, or somebody may have changed the bytes */
    uint32_t value;  /* of the sum; is it equal                            */
    bool is_value;
    struct place_block output; /* where len bytes are */
    uint32_t len;
    uint8_t bytes[RESULT_MOST];
} results[HOSTILE];

/* Modes and algorithms that were chosen. */
static struct chosen {
    uint32_t life;
    uint32_t cipher; /* CIPHERS: none of them */
    bool encrypts;
    const EVP_MD *digest; /* null: none */
} chosen[HOSTILE];

/* Where the kernel writes its state for the process. */
static struct readable {
    uint32_t life;
    struct place_block block;
} readable[HOSTILE];

static struct chosen *chosen_of(const struct process *p)
{
    struct chosen *own = &chosen[p->slot];

    if (own->life != life(p))
        *own = (struct chosen){.life = life(p), .cipher = CIPHERS};
    return own;
}

static void note_readable(const struct process *p, uint32_t addr, uint32_t len)
{
    readable[p->slot] = (struct readable){life(p), {addr, len}};
}

static struct place_block readable_of(const struct process *p)
{
    const struct readable *own = &readable[p->slot];

    return own->life == life(p) ? own->block : (struct place_block){0};
}

static void forget_results(void)
{
    memset(results, 0, sizeof(results));
}

/* --- what is expected ----------------------------------------------------- */

static struct place_block shared(uint32_t driver, const struct process *p,
                                 enum grant_kind kind, uint32_t number)
{
    const struct grant_slot *slot =
        grant_slot_existing(drivers[driver].driver, p, kind, number);

    return slot == NULL ? (struct place_block){0}
                        : (struct place_block){slot->first, slot->second};
}

static const uint8_t *bytes_of(struct place_block block)
{
    return block.size == 0 ? (const uint8_t *)"" : host_memory(block.start);
}

/* The register's lowest bit goes out first. */
static uint32_t crc32c(const uint8_t *bytes, uint32_t len)
{
    uint32_t sum = UINT32_MAX;

    for (uint32_t i = 0; i < 8 * len; i++) {
        uint32_t bit = (sum ^ bytes[i / 8] >> i % 8) & 1;

        sum = sum >> 1 ^ (bit != 0 ? 0x82f63b78 : 0);
    }
    return ~sum;
}

/* The register's highest bit goes out first. */
static uint32_t crc16(const uint8_t *bytes, uint32_t len)
{
    uint32_t sum = 0xffff;

    for (uint32_t i = 0; i < 8 * len; i++) {
        uint32_t bit = (sum >> 15 ^ bytes[i / 8] >> i % 8) & 1;

        sum = (sum << 1 & 0xffff) ^ (bit != 0 ? 0x1021 : 0);
    }
    return sum;
}

static void expect_sum(struct result *result, const struct process *p,
                       uint32_t algorithm, uint32_t len)
{
    struct place_block data = shared(AT_CRC, p, GRANT_READONLY, 0);
    const uint8_t *bytes = bytes_of(data);

    if (len > data.size || algorithm > 2)
        return;
    result->driver = AT_CRC;
    result->is_value = true;
    if (algorithm == 0)
        result->value = (uint32_t)crc32(0, bytes, len);
    else if (algorithm == 1)
        result->value = crc32c(bytes, len);
    else
        result->value = crc16(bytes, len);
}

static void expect_digest(struct result *result, const struct process *p)
{
    struct place_block data = shared(AT_SHA, p, GRANT_READONLY, 0);

    MUST(EVP_Digest(bytes_of(data), data.size, result->bytes, &result->len,
                    EVP_sha256(), NULL) == 1);
    result->output = shared(AT_SHA, p, GRANT_WRITABLE, 0);
    result->driver = AT_SHA;
}

/* Command 1 gives the code, 4 compares it. */
static void expect_code(struct result *result, const struct process *p,
                        uint32_t command)
{
    struct place_block key = shared(AT_HMAC, p, GRANT_READONLY, 0);
    struct place_block data = shared(AT_HMAC, p, GRANT_READONLY, 1);
    struct place_block other = shared(AT_HMAC, p, GRANT_READONLY, 2);
    const EVP_MD *digest = chosen_of(p)->digest;

    if (digest == NULL || key.size == 0 || (command != 1 && command != 4))
        return;
    MUST(HMAC(digest, bytes_of(key), (int)key.size, bytes_of(data), data.size,
              result->bytes, &result->len) != NULL);
    result->output = shared(AT_HMAC, p, GRANT_WRITABLE, 2);
    result->is_value = command == 4;
    result->value = other.size == result->len &&
                    memcmp(bytes_of(other), result->bytes, result->len) == 0;
    result->driver = AT_HMAC;
}

static bool are_apart_or_same(struct place_block a, struct place_block b)
{
    return a.start == b.start || a.start + a.size <= b.start ||
           b.start + b.size <= a.start;
}

static void encipher(struct result *result, const struct chosen *how,
                     const uint8_t *key, const uint8_t *vector,
                     struct place_block source)
{
    const EVP_CIPHER *const ciphers[CIPHERS] = {
        EVP_aes_128_ctr(), EVP_aes_128_cbc(), EVP_aes_128_ecb()};
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int len = 0;

    MUST(EVP_CipherInit_ex(ctx, ciphers[how->cipher], NULL, key, vector,
                           how->encrypts) == 1);
    EVP_CIPHER_CTX_set_padding(ctx, 0);
    MUST(EVP_CipherUpdate(ctx, result->bytes, &len, bytes_of(source),
                          (int)source.size) == 1);
    EVP_CIPHER_CTX_free(ctx);
    result->len = (uint32_t)len;
}

static void expect_cipher(struct result *result, const struct process *p)
{
    const struct chosen *how = chosen_of(p);
    struct place_block key = shared(AT_AES, p, GRANT_READONLY, 0);
    struct place_block vector = shared(AT_AES, p, GRANT_READONLY, 1);
    struct place_block source = shared(AT_AES, p, GRANT_READONLY, 2);

    result->output = shared(AT_AES, p, GRANT_WRITABLE, 0);
    if (how->cipher >= CIPHERS || key.size != CIPHER_BLOCK ||
        (how->cipher != ECB && vector.size != CIPHER_BLOCK) ||
        (how->cipher != CTR && source.size % CIPHER_BLOCK != 0) ||
        source.size > RESULT_MOST - CIPHER_BLOCK ||
        !are_apart_or_same(source, result->output))
        return;
    encipher(result, how, bytes_of(key), bytes_of(vector), source);
    result->driver = AT_AES;
}

/* A request of the process, before it is made; others may write its memory. */
static void expect_result(uint32_t driver, const struct process *p,
                          const uint32_t args[4])
{
    struct result *result = &results[p->slot];

    *result = (struct result){0};
    if (!process_is_alive(p) || is_open(p) || readable_of(p).size != 0 ||
        ends_with(driver, args[1]) == KINDS)
        return;
    if (driver == AT_CRC)
        expect_sum(result, p, args[2], args[3]);
    else if (driver == AT_SHA)
        expect_digest(result, p);
    else if (driver == AT_HMAC)
        expect_code(result, p, args[1]);
    else if (driver == AT_AES && args[1] == 2)
        expect_cipher(result, p);
}

/* --- what is told --------------------------------------------------------- */

static void note_result(uint32_t driver, const struct process *p,
                        uint32_t status, uint32_t value)
{
    const struct result *result = &results[p->slot < HOSTILE ? p->slot : 0];
    uint32_t len =
        result->output.size < result->len ? result->output.size : result->len;

    if (driver < AT_CRC || driver > AT_AES || result->driver != driver ||
        !process_is_alive(p) || status != TOCK_OK)
        return;
    total_compared++;
    if (result->is_value) {
        MUST(value == result->value);
        return;
    }
    MUST(driver == AT_HMAC || len == result->len);
    MUST(memcmp(bytes_of(result->output), result->bytes, len) == 0);
}

/* An accepted command that chooses. */
static void note_chosen(uint32_t driver, const struct process *p,
                        const uint32_t args[4])
{
    const EVP_MD *const digests[] = {EVP_sha256(), EVP_sha384(), EVP_sha512(),
                                     EVP_sha224()};
    struct chosen *own = chosen_of(p);

    if (driver == AT_HMAC && args[1] == 0) {
        MUST(args[2] < ARRAY_COUNT(digests));
        own->digest = digests[args[2]];
    } else if (driver == AT_AES && args[1] == 1) {
        own->cipher = args[2] < CIPHERS ? args[2] : CIPHERS;
        own->encrypts = args[3] == 1;
    }
}
