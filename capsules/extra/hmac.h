/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Message authentication codes with a key (RFC 2104). Driver number 0x40003.
 *
 *   command 0 (alg)   choose the algorithm; also
 *                     tells that the driver is there   Success, NOSUPPORT,
 *                                                      NOMEM
 *   command 1         code of the data                 Success, INVAL, RESERVE,
 *                                                      NOMEM
 *   command 2         add the data to the message      the same
 *   command 3         code of what was added           Success, OFF, NOMEM
 *   command 4         compare the data's code          as command 1
 *   command 5         compare the code of what was
 *                     added                            as command 3
 *   read-only 0       key
 *   read-only 1       data
 *   read-only 2       code to compare with
 *   read-write 2      where the code goes
 *   upcall 0          (status, 0, 0)                   command 1, 2 or 3 is
 * done upcall 1          (status, is equal, 0)            command 4 or 5 is
 * done
 *
 *   alg 0 SHA-256, 1 SHA-384, 2 SHA-512, 3 SHA-224; 4 (SHA-1) and 5 (MD5) are
 *   not supported
 *
 * INVAL: no algorithm was chosen. RESERVE: there is no key. OFF: nothing was
 * added. NOMEM: the caller's last request is open, or there is no memory for
 * the grant. The first command 2 takes the key, those that follow only the data
 * that is then in the buffer; command 3 and 5 end the message, and so does
 * choosing an algorithm. Keys have any length.
 *
 * The code is cut to the buffer it goes to; a code to compare with has its full
 * length, or is not equal. How long comparing takes does not depend on the
 * bytes. Status: 0; SIZE, key or data was swapped for a shorter buffer
 * meanwhile; NOMEM, there is no buffer for the code.
 *
 * Computed in software (lib/sha2). Processes take turns, HMAC_PIECE bytes each,
 * and each has its own key and message. Context: kernel thread only.
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
