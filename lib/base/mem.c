/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/mem.h"

#include <stdint.h>

/*
 * Built with -fno-tree-loop-distribute-patterns, or the compiler would turn
 * each loop into a call of the function it is in.
 */

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
    uint8_t *t = to;
    const uint8_t *f = from;

    while (len-- != 0)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t len)
{
    uint8_t *t = to;
    const uint8_t *f = from;

    if ((uintptr_t)t <= (uintptr_t)f) {
        for (size_t i = 0; i < len; i++)
            t[i] = f[i];
    } else {
        while (len-- != 0)
            t[len] = f[len];
    }
    return to;
}

void *memset(void *to, int value, size_t len)
{
    uint8_t *t = to;

    while (len-- != 0)
        *t++ = (uint8_t)value;
    return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
    const uint8_t *x = a;
    const uint8_t *y = b;

    for (size_t i = 0; i < len; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}
