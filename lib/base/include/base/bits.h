/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Powers of two, alignment and sums that cannot wrap unnoticed.
 *
 * Pure, any context. Functions that could overflow say so in their result;
 * the others state what the caller must guarantee.
 */

#include <stdbool.h>
#include <stdint.h>

/* True if a + b does not fit; else *sum is a + b. */
static inline bool add_overflows_u32(uint32_t a, uint32_t b, uint32_t *sum)
{
    return __builtin_add_overflow(a, b, sum);
}

static inline bool is_power_of_two(uint32_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/* align is a power of two; value may be anything. */
static inline uint32_t align_down_u32(uint32_t value, uint32_t align)
{
    return value & ~(align - 1);
}

/* 64 bits wide so that no 32-bit value can wrap; align is a power of two. */
static inline uint64_t align_up_u64(uint64_t value, uint32_t align)
{
    return (value + align - 1) & ~((uint64_t)align - 1);
}

/* Smallest power of two >= value; 1 for 0. */
static inline uint64_t next_power_of_two(uint32_t value)
{
    uint64_t power = 1;

    while (power < value)
        power <<= 1;
    return power;
}

/* Position of the highest set bit; value is not 0. */
static inline uint32_t log2_floor(uint32_t value)
{
    return 31u - (uint32_t)__builtin_clz(value);
}

/* True if [start, start + len) lies inside [low, high); no sum can wrap. */
static inline bool range_inside(uint32_t start, uint32_t len, uint32_t low,
                                uint32_t high)
{
    return start >= low && start <= high && len <= high - start;
}
