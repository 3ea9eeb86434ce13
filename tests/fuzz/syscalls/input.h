/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* What the parts of fuzz_syscalls share: the fuzzer's bytes, the board, and how
 * one says that something must hold. */

#include "tests/unit/kernel/host_board.h"

#include "lifecycle.h"

enum { HOSTILE = 3 };

#define MUST(condition)                                                     \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                        \
        }                                                                   \
    } while (0)

struct input {
    const uint8_t *data;
    size_t len;
};

/* A number of len bytes; 0 where there are no more. */
static inline uint32_t take(struct input *in, uint32_t len)
{
    uint32_t value = 0;

    for (; len > 0 && in->len > 0; len--, in->len--)
        value = value << 8 | *in->data++;
    return value;
}

/* The id of a life that is not over; 0 if there is none. */
static inline uint32_t life(const struct process *p)
{
    return process_is_alive(p) ? p->id + 1 : 0;
}
