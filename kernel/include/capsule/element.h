/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A pointer to one element of an array, for capsules.
 *
 *     struct entry *entry = ELEMENT(self->entries, at);
 *
 * A subscript in a capsule traps beyond its array, but C lets &array[count]
 * pass: one element behind the last. This does not.
 */

#include "base/attr.h"

#include <stdint.h>

/* Traps, as a subscript would. */
static inline uint32_t element_in_bounds(uint32_t at, uint32_t count)
{
    if (at >= count)
        __builtin_trap();
    return at;
}

#define ELEMENT(array, at) \
    (&(array)[element_in_bounds((at), ARRAY_COUNT(array))])
