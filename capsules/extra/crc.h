/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Checksums. Driver number 0x40002 (TOCK_DRIVER_CRC).
 *
 *   command 0                is it there               Success
 *   command 1 (alg, len)     sum of the first len      Success, INVAL, BUSY,
 *                            bytes of read-only 0      SIZE, NOMEM
 *   read-only 0              the bytes, at least len of them
 *   upcall 0                 (status, sum, alg)        the sum is there
 *
 *   alg 0       CRC-32: polynomial 0x04c11db7, as in Ethernet and zip
 *   alg 1       CRC-32C: polynomial 0x1edc6f41 (Castagnoli), else the same
 *   alg 2       CRC-16-CCITT: polynomial 0x1021, start 0xffff, bytes from their
 *               lowest bit on, nothing done to the result
 *
 * The "123456789" of the catalogues gives 0xcbf43926, 0xe3069283 and 0x89f6.
 *
 * Answers, nothing was begun then:
 *   INVAL       there is no such algorithm
 *   BUSY        the caller's last request is open, its upcall not queued yet
 *   SIZE        len is 0 or more than the buffer has
 *   NOMEM       no memory for the driver's state of the process (its grant)
 *
 * Status:
 *   0           sum is the sum
 *   SIZE        the buffer was swapped for one of fewer than len bytes on the
 *               way; sum and alg are 0
 *
 * Requests: one of each process. Processes take turns, WORK_PIECE bytes each.
 *
 * Buffers: bytes are summed as they are at some time before the upcall.
 *
 * Process ends: its request is gone.
 * At start: nothing is open.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "virtual/work.h"

struct crc {
    struct driver driver;
    struct work work;
    uint8_t piece[WORK_PIECE];
};

void crc_init(struct crc *self);
