/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Random bytes. Driver number 0x40001 (TOCK_DRIVER_RNG).
 *
 *   command 0                is it there               Success
 *   command 1 (len)          fill the first len bytes  Success, NOMEM
 *                            of read-write 0
 *   read-write 0             where the bytes go
 *   upcall 0                 (status, written, 0)      they are there
 *
 * Answers:
 *   NOMEM       no memory for the driver's state of the process (its grant);
 *               nothing was begun
 *
 * Status:
 *   0           written is the smaller of len and the buffer's length
 *   FAIL        the generator failed; the bytes written until then are good
 *
 * What the bytes are worth depends on the board's generator and its sources
 * (QEMU's boards: virtual/software_rng.h, docs/boards.md): read about them
 * before you make a key of the bytes.
 *
 * Requests: one of each process; a second one before the upcall replaces the
 * first and begins anew, and one upcall comes. One for 0 bytes, or without a
 * buffer, ends with its upcall at once. Processes take turns, RNG_CHUNK bytes
 * each.
 *
 * Buffers: one that is swapped for a shorter one on the way ends the request
 * where it ends; written tells how far it went.
 *
 * Process ends: its request is gone.
 * At start: nothing is open.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "hil/rng.h"
#include "virtual/work.h"

#include <stdbool.h>

#define RNG_CHUNK 128u

struct rng {
    struct driver driver;
    struct hil_rng_client client;
    struct work work;
    struct hil_rng *generator;
    struct process_ref owner; /* whose chunk it is, if is_filling */
    bool is_filling;
    uint8_t chunk[RNG_CHUNK];
    uint32_t chunk_len;
};

void rng_init(struct rng *self, struct hil_rng *generator);
