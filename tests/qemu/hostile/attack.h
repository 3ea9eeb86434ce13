/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The attacking app. What it does stands in a table in its flash, which
 * tests/lib/hostile.py writes into the installed app: ranges of attempts, one
 * kind of attack (enum attack_op) at count addresses from start on; or, with a
 * mode that is not 0, one way to starve the others (starve.c), for ever.
 *
 * The numbers are known to tests/lib/hostile.py.
 */

#include <stdbool.h>
#include <stdint.h>

enum attack_op {
    OP_READ8,
    OP_READ16,
    OP_READ32,
    OP_WRITE8,
    OP_WRITE16,
    OP_WRITE32,
    OP_JUMP,      /* to address                                            */
    OP_CODE,      /* likewise, with value in all registers                 */
    OP_CALL,      /* system call of class address, value in its arguments  */
    OP_SP_CALL,   /* system call with the stack pointer at address         */
    OP_SP_WAIT,   /* interrupts of a whole slice, likewise                 */
    OP_SP_UPCALL, /* an upcall, likewise                                   */
    OP_RANDOM,    /* random system calls; address and value are the seed   */
    OP_PORT,      /* the first of the processor's own: port.h              */
};

struct attack_range {
    uint32_t op;
    uint32_t start;
    uint32_t step;
    uint32_t count;
    uint32_t value;
};

enum {
    ATTACK_RANGES = 384,
    ATTACK_DRIVERS = 48,
    ATTACK_BLOB = 16384, /* bytes for instructions to jump to */
};

struct attack_table {
    char mark[8]; /* the tests find the table by it */
    uint32_t mode;
    uint32_t grow; /* bytes of heap */
    uint32_t last; /* sum of all counts */
    uint32_t range_count;
    struct attack_range ranges[ATTACK_RANGES];
    uint32_t driver_count;
    uint32_t drivers[ATTACK_DRIVERS]; /* numbers of the drivers to call */
};

extern const struct attack_table attack_table;

/* Instructions to jump to; the tests find them by the first four words. */
extern const uint32_t attack_blob[ATTACK_BLOB / 4];

/* Heap that belongs to nobody: [start, end). */
struct attack_heap {
    uint32_t start;
    uint32_t end;
};

/* random.c: some calls with half valid arguments. */
void random_calls(const struct attack_heap *heap, uint32_t seed);

/* starve.c: takes what there is, in one of its ways; does not return. */
void starve(const struct attack_heap *heap, uint32_t mode);
