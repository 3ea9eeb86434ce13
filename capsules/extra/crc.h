/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Checksums. Driver number 0x40002.
 *
 *   command 0                is it there               Success
 *   command 1 (alg, len)     sum of read-only 0        Success, INVAL, BUSY,
 *                                                      SIZE, NOMEM
 *   upcall 0                 (status, value, alg)      the sum is there
 *
 *   alg 0  CRC-32         polynomial 0x04c11db7, as in Ethernet and zip
 *   alg 1  CRC-32C        polynomial 0x1edc6f41 (Castagnoli), else the same
 *   alg 2  CRC-16-CCITT   polynomial 0x1021, start 0xffff, bytes from their
 *                         lowest bit on, nothing done to the result
 *
 * The "123456789" of the catalogues gives 0xcbf43926, 0xe3069283 and 0x89f6.
 *
 * INVAL: no such algorithm. BUSY: the caller's last request is open. SIZE: len
 * is 0 or more than the buffer has; nothing was started. The first len bytes
 * are summed, as they are at some time before the upcall. Status SIZE: the
 * buffer was swapped for one with fewer than len bytes meanwhile; value and
 * alg are then 0.
 *
 * Processes take turns, WORK_PIECE bytes each. Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "virtual/work.h"

struct crc {
    struct driver driver;
    struct work work;
    uint8_t piece[WORK_PIECE];
};

void crc_init(struct crc *self);
