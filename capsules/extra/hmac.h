/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Message authentication codes with a key (RFC 2104). Driver number 0x40003
 * (TOCK_DRIVER_HMAC).
 *
 *   command 0 (alg)          choose the algorithm;     Success, NOSUPPORT,
 *                            also tells that the       NOMEM
 *                            driver is there
 *   command 1                code of the data          Success, INVAL, RESERVE,
 *                                                      NOMEM
 *   command 2                add the data to the       Success, INVAL, RESERVE,
 *                            message                   NOMEM
 *   command 3                code of what was added    Success, OFF, NOMEM
 *   command 4                compare the data's code   Success, INVAL, RESERVE,
 *                                                      NOMEM
 *   command 5                compare the code of what  Success, OFF, NOMEM
 *                            was added
 *   read-only 0              key, of any length but 0
 *   read-only 1              data, of any length, also 0
 *   read-only 2              code to compare with
 *   read-write 2             where the code goes, cut to its length
 *   upcall 0                 (status, 0, 0)            command 1, 2 or 3 is
 *                                                      done
 *   upcall 1                 (status, is equal, 0)     command 4 or 5 is done
 *
 *   alg         0 SHA-256, 1 SHA-384, 2 SHA-512, 3 SHA-224; 4 (SHA-1) and 5
 *               (MD5) are not supported. Codes have 32, 48, 64 and 28 bytes
 *
 * Answers, nothing was begun then:
 *   NOSUPPORT   there is no such algorithm; the one chosen before stays
 *   NOMEM       the caller's last request is open, its upcall not queued yet;
 *               or no memory for the driver's state of the process (its grant)
 *   INVAL       no algorithm was chosen
 *   RESERVE     there is no key
 *   OFF         nothing was added
 *
 * Status:
 *   0           done
 *   SIZE        key or data was swapped for a shorter buffer on the way
 *   NOMEM       there is no buffer for the code
 *
 * The first command 2 takes the key, those that follow only the data that is
 * then in the buffer. The message ends with command 3 and 5, and is thrown away
 * by commands 0, 1 and 4 and by a status other than 0.
 *
 * A code to compare with has its full length, or is not equal. How long
 * comparing takes does not depend on the bytes.
 *
 * Requests: one of each process, which has its own algorithm, key and message.
 * Computed in software (lib/sha2). Processes take turns, HMAC_PIECE bytes each.
 *
 * Buffers: the key is as long as its buffer is at the command, the data as long
 * as theirs is once the key is taken; the bytes are taken as they are at some
 * time before the upcall.
 *
 * Process ends: request, key and message are gone.
 * At start: no algorithm is chosen.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "virtual/work.h"

#define HMAC_PIECE 128u

struct hmac_driver {
    struct driver driver;
    struct work work;
    uint8_t piece[HMAC_PIECE];
};

void hmac_init(struct hmac_driver *self);
