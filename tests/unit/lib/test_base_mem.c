/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The memory functions of kernels and apps, compiled into this test under
 * other names and compared with libc's.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define memcpy  own_memcpy
#define memmove own_memmove
#define memset  own_memset
#define memcmp  own_memcmp
#include "lib/base/mem.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp

enum { LEN = 24 };

static void fill(uint8_t *bytes)
{
    for (int i = 0; i < LEN; i++)
        bytes[i] = (uint8_t)(i + 1);
}

Test(base_mem, copies_and_moves_are_libc_s)
{
    for (size_t to = 0; to < LEN; to++)
        for (size_t from = 0; from < LEN; from++)
            for (size_t len = 0; to + len <= LEN && from + len <= LEN; len++) {
                uint8_t ours[LEN];
                uint8_t libc[LEN];

                fill(ours);
                fill(libc);
                memmove(libc + to, libc + from, len);
                if (own_memmove(ours + to, ours + from, len) != ours + to ||
                    memcmp(ours, libc, LEN) != 0)
                    cr_fatal("move %zu to %zu, %zu bytes", from, to, len);
                if (from + len > to && to + len > from)
                    continue; /* memcpy may not overlap */
                fill(ours);
                if (own_memcpy(ours + to, ours + from, len) != ours + to ||
                    memcmp(ours, libc, LEN) != 0)
                    cr_fatal("copy %zu to %zu, %zu bytes", from, to, len);
            }
}

Test(base_mem, sets_are_libc_s)
{
    for (size_t at = 0; at < LEN; at++)
        for (size_t len = 0; at + len <= LEN; len++) {
            uint8_t ours[LEN];
            uint8_t libc[LEN];

            fill(ours);
            fill(libc);
            memset(libc + at, 0x1ab, len);
            cr_assert(eq(ptr, own_memset(ours + at, 0x1ab, len), ours + at));
            cr_assert(eq(int, memcmp(ours, libc, LEN), 0));
        }
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

/* One byte differs, in blocks that begin at and before words. */
Test(base_mem, comparisons_have_libc_s_sign)
{
    static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
    _Alignas(8) uint8_t a[LEN];
    _Alignas(8) uint8_t b[LEN];

    memset(a, 5, LEN);
    memset(b, 5, LEN);
    for (size_t from = 0; from < 4; from++)
        for (size_t at = from; at < 12; at++)
            for (int x = 0; x < 5; x++)
                for (int y = 0; y < 5; y++)
                    for (size_t len = 0; len <= 12; len++) {
                        a[at] = values[x];
                        b[at] = values[y];
                        cr_assert(eq(int,
                                     sign(own_memcmp(a + from, b + from, len)),
                                     sign(memcmp(a + from, b + from, len))));
                        a[at] = b[at] = 5;
                    }
}
