/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Digests. Driver number 0x40005 (TOCK_DRIVER_SHA).
 *
 *   command 0                is it there               Success
 *   command 1 (alg)          algorithm: 0 SHA-256      Success, NOSUPPORT
 *   command 2                digest of read-only 0     Success, NOMEM
 *   read-only 0              the message, of any length, also 0
 *   read-write 0             where the digest goes, exactly SHA_DIGEST bytes
 *   upcall 0                 (status, 0, 0)            it is there
 *
 * Without command 1 it is SHA-256.
 *
 * Answers:
 *   NOSUPPORT   there is no such algorithm
 *   NOMEM       the caller's last request is open, its upcall not queued yet;
 *               or no memory for the driver's state of the process (its grant)
 *
 * Status:
 *   0           the digest is in its buffer
 *   SIZE        the message's buffer was swapped for a shorter one on the way
 *   NOMEM       the digest's buffer has another length, or there is none
 *
 * Requests: one of each process. Computed in software (lib/sha2). Processes
 * take turns, SHA_PIECE bytes each.
 *
 * Buffers: the message is as long as its buffer is at command 2; its bytes are
 * taken as they are at some time before the upcall. The digest goes where its
 * buffer is then. With a status other than 0 nothing is written.
 *
 * Process ends: its request is gone.
 * At start: nothing is open.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "virtual/work.h"

#define SHA_DIGEST 32u
#define SHA_PIECE  128u

struct sha {
    struct driver driver;
    struct work work;
    uint8_t piece[SHA_PIECE];
};

void sha_init(struct sha *self);
