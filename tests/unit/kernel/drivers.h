/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* What the tests of several drivers do. */

#include "board.h"

/* No grant can be had any more. */
static inline void exhaust_grants(struct process *p)
{
    struct grant_piece piece;

    while (grant_piece_new(p, 8, &piece) == TOCK_OK)
        ;
}

/* Upcalls with a function, as many as wait at most. */
static inline void fill_queue(struct process *p)
{
    call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 0, p->flash_start + 256, 0);
    for (uint32_t i = 0; i < 2 * UPCALL_QUEUE_COUNT; i++)
        (void)upcall_schedule(&board.probe.driver, p, 0, 1, 2, 3);
}

/* Do all bytes [from, to) behind addr have this value? */
static inline bool is_all(uint32_t addr, uint32_t from, uint32_t to,
                          uint8_t value)
{
    for (uint32_t at = from; at < to; at++) {
        if (*host_memory(addr + at) != value)
            return false;
    }
    return true;
}
