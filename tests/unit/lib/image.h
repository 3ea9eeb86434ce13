/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Makes TBF objects for the tests, byte by byte from docs/tbf.md and without
 * lib/tbf, so that any field can be wrong.
 *
 *     struct image i = image_begin();
 *     image_entry(&i, 3, "name", 4);
 *     image_finish(&i, 128);   sizes, zeros up to 128 bytes, checksum
 *
 * Bytes live in a heap buffer of exactly len bytes: ASan sees any excess.
 */

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct image {
    uint8_t *bytes;
    uint32_t len;
    uint32_t header_size;
};

static inline void image_put(struct image *i, uint32_t at, uint64_t value,
                             uint32_t len)
{
    for (uint32_t n = 0; n < len; n++)
        i->bytes[at + n] = (uint8_t)(value >> 8 * n);
}

static inline uint32_t image_get32(const struct image *i, uint32_t at)
{
    uint32_t value = 0;

    for (uint32_t n = 4; n-- > 0;)
        value = value << 8 | i->bytes[at + n];
    return value;
}

static inline void image_resize(struct image *i, uint32_t len)
{
    uint8_t *bytes = calloc(len + 1, 1);
    uint8_t *exact = malloc(len == 0 ? 1 : len);

    cr_assert(all(ne(ptr, bytes, NULL), ne(ptr, exact, NULL)));
    memcpy(bytes, i->bytes, i->len < len ? i->len : len);
    memcpy(exact, bytes, len);
    free(bytes);
    free(i->bytes);
    i->bytes = exact;
    i->len = len;
}

/* Base header: version 2, enabled. */
static inline struct image image_begin(void)
{
    struct image i = {calloc(1, 1), 0, 0};

    image_resize(&i, 16);
    image_put(&i, 0, 2, 2);
    image_put(&i, 8, 1, 4);
    return i;
}

static inline void image_entry(struct image *i, uint32_t type, const void *data,
                               uint32_t len)
{
    uint32_t at = i->len;

    image_resize(i, at + 4 + (len + 3) / 4 * 4);
    image_put(i, at, type, 2);
    image_put(i, at + 2, len, 2);
    if (len != 0)
        memcpy(i->bytes + at + 4, data, len);
}

/* An entry of 32-bit words. */
static inline void image_words(struct image *i, uint32_t type,
                               const uint32_t *words, uint32_t count)
{
    uint8_t data[256];

    for (uint32_t n = 0; n < 4 * count; n++)
        data[n] = (uint8_t)(words[n / 4] >> 8 * (n % 4));
    image_entry(i, type, data, 4 * count);
}

static inline void image_program(struct image *i, uint32_t init,
                                 uint32_t trailer, uint32_t ram,
                                 uint32_t binary_end, uint32_t version)
{
    image_words(i, 9, (uint32_t[]){init, trailer, ram, binary_end, version}, 5);
}

static inline void image_kernel_version(struct image *i, uint32_t major,
                                        uint32_t minor)
{
    image_words(i, 8, (uint32_t[]){minor << 16 | major}, 1);
}

/* XOR of the header's words, the one at 12 counted as 0. */
static inline void image_checksum(struct image *i)
{
    uint32_t sum = 0;

    image_put(i, 12, 0, 4);
    for (uint32_t at = 0; at + 4 <= i->header_size; at += 4)
        sum ^= image_get32(i, at);
    image_put(i, 12, sum, 4);
}

/* The header ends here; zeros up to total bytes. */
static inline void image_finish(struct image *i, uint32_t total)
{
    i->header_size = i->len;
    image_resize(i, total);
    image_put(i, 2, i->header_size, 2);
    image_put(i, 4, total, 4);
    image_checksum(i);
}

static inline void image_free(struct image *i)
{
    free(i->bytes);
    i->bytes = NULL;
}

/* A healthy app: Program, kernel version 2.1, name; entry at app start. */
static inline struct image image_app(const char *name, uint32_t total)
{
    struct image i = image_begin();

    image_program(&i, 0, 0, 4096, total, 1);
    image_kernel_version(&i, 2, 1);
    image_entry(&i, 3, name, (uint32_t)strlen(name));
    image_finish(&i, total);
    return i;
}
