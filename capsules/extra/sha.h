/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Digests. Driver number 0x40005.
 *
 *   command 0                is it there                   Success
 *   command 1 (alg)          algorithm: 0 SHA-256          Success, NOSUPPORT
 *   command 2                digest of read-only 0         Success, NOMEM
 *   upcall 0                 (status, 0, 0)                it is there
 *
 * The digest goes to read-write buffer 0, which is exactly SHA_DIGEST bytes
 * long. NOMEM: the caller's last request is open, or there is no memory for the
 * grant. Without command 1 it is SHA-256.
 *
 * All of the buffer is taken that is there at command 2, as its bytes are at
 * some time before the upcall; a buffer of length 0 has a digest as well.
 * Status: 0; SIZE, the buffer was swapped for a shorter one meanwhile; NOMEM,
 * the buffer for the digest has another length.
 *
 * Computed in software (lib/sha2). Processes take turns, SHA_PIECE bytes each.
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
