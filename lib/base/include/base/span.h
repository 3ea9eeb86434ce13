/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A run of bytes with its length, and access that is always checked.
 *
 * Capsules reach bytes only through these functions: they may not subscript
 * or add to a pointer (docs/architecture.md, "Capsules"). An access outside
 * the span reads as 0 and writes nothing; copies are cut to the shorter side
 * and say how much went over.
 *
 * Ownership: a span borrows its bytes. Context: any.
 */

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

struct span {
    uint8_t *ptr;
    uint32_t len; /* bytes */
};

static inline uint8_t span_get(struct span s, uint32_t at)
{
    return at < s.len ? s.ptr[at] : 0;
}

static inline void span_set(struct span s, uint32_t at, uint8_t value)
{
    if (at < s.len)
        s.ptr[at] = value;
}

/* The part [off, off + len) of s, cut to what s has. */
static inline struct span span_part(struct span s, uint32_t off, uint32_t len)
{
    if (off > s.len)
        off = s.len;
    if (len > s.len - off)
        len = s.len - off;
    return (struct span){s.len == 0 ? s.ptr : s.ptr + off, len};
}

/* Each byte of s is value then. */
static inline void span_fill(struct span s, uint8_t value)
{
    if (s.len != 0)
        memset(s.ptr, value, s.len);
}

/* Are they of one length, and the bytes the same? */
static inline bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Copies as many bytes as both have; returns that number. */
static inline uint32_t span_copy(struct span to, struct span from)
{
    uint32_t len = to.len < from.len ? to.len : from.len;

    if (len != 0)
        memmove(to.ptr, from.ptr, len);
    return len;
}
