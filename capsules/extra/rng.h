/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Random bytes. Driver number 0x40001.
 *
 *   command 0            is it there                  Success
 *   command 1 (len)      fill read-write 0            Success, NOMEM
 *   upcall 0             (status, written, 0)         the bytes are there
 *
 * Command 1 writes as many bytes as asked for, but no more than the buffer
 * has, and always ends with its upcall, also when it has nothing to write. A
 * buffer that was swapped for a shorter one meanwhile ends the request early.
 * A second request before the upcall replaces the first. Status is 0, or FAIL
 * if the generator failed; the bytes written until then are good.
 *
 * What the bytes are worth depends on the board's generator and its sources
 * (QEMU's boards: virtual/software_rng.h, docs/boards.md): read about them
 * before you make a key of the bytes.
 *
 * Processes take turns, RNG_CHUNK bytes each. Context: kernel thread only.
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
