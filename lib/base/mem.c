/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/mem.h"

#include <stdint.h>

/*
 * Built with -fno-tree-loop-distribute-patterns, or the compiler would turn
 * each loop into a call of the function it is in.
 *
 * Everything goes by words where it is aligned: structures are, and so is the
 * memory of processes. The type says that a word may stand for
 * any object.
 */
typedef uint32_t __attribute__((may_alias)) word;

#define WORD sizeof(word)

static int are_aligned(const void *a, const void *b)
{
    return (((uintptr_t)a | (uintptr_t)b) & (WORD - 1)) == 0;
}

/* From low to high; may overlap if to is the lower one. */
static void copy_up(void *to, const void *from, size_t len)
{
    word *t = to;
    const word *f = from;

    if (are_aligned(to, from))
        for (; len >= WORD; len -= WORD)
            *t++ = *f++;

    uint8_t *t_rest = (uint8_t *)t;
    const uint8_t *f_rest = (const uint8_t *)f;

    while (len-- != 0)
        *t_rest++ = *f_rest++;
}

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
    copy_up(to, from, len);
    return to;
}

void *memmove(void *to, const void *from, size_t len)
{
    uint8_t *t = to;
    const uint8_t *f = from;

    /* Also true where to is lower: the difference wraps. */
    if ((uintptr_t)to - (uintptr_t)from >= len)
        copy_up(to, from, len);
    else
        while (len-- != 0)
            t[len] = f[len];
    return to;
}

/* The memory that a process gains is cleared with this, all at once. */
static word *fill_words(word *to, word value, size_t *len)
{
    enum { RUN = 8 };

    for (; *len >= RUN * WORD; *len -= RUN * WORD, to += RUN) {
#pragma GCC unroll 8
        for (size_t i = 0; i < RUN; i++)
            to[i] = value;
    }
    for (; *len >= WORD; *len -= WORD)
        *to++ = value;
    return to;
}

void *memset(void *to, int value, size_t len)
{
    uint8_t *t = to;

    if (are_aligned(to, to))
        t = (uint8_t *)fill_words(to, (uint8_t)value * 0x01010101u, &len);
    while (len-- != 0)
        *t++ = (uint8_t)value;
    return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
    const word *v = a;
    const word *w = b;

    if (are_aligned(a, b))
        for (; len >= WORD && *v == *w; len -= WORD) {
            v++;
            w++;
        }

    const uint8_t *x = (const uint8_t *)v;
    const uint8_t *y = (const uint8_t *)w;

    for (size_t i = 0; i < len; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}
