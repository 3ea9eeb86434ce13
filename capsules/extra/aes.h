/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * AES with keys of 128 bits. Driver number 0x40006 (TOCK_DRIVER_AES).
 *
 *   command 0                is it there               Success
 *   command 1 (mode, dir)    choose                    Success, NOSUPPORT,
 *                                                      NOMEM
 *   command 2                take key and vector,      Success, INVAL, RESERVE,
 *                            treat the source          SIZE, NOMEM
 *   command 3                treat the source, going   Success, OFF, SIZE,
 *                            on behind the last one    NOMEM
 *   command 4                forget the key            Success, OFF, NOMEM
 *   command 5 (offset)       CCM: where data begins    Success, NOMEM
 *   command 6 (offset)       CCM: where the message    Success, NOMEM
 *                            begins
 *   command 7 (len)          CCM: length of the tag    Success, INVAL, NOMEM
 *   command 8 (is secret)    CCM: encrypt the message  Success, NOMEM
 *   read-only 0              key, 16 bytes
 *   read-only 1              initialization vector, or first counter, of 16
 *                            bytes; CCM: the nonce, the first 13 of 13 to 16
 *   read-only 2              source
 *   read-write 0             destination; may be the source's memory
 *   upcall 0                 (status, length, is the   command 2 or 3 is done
 *                            tag valid)
 *
 *   mode        0 CTR, 1 CBC, 2 ECB, 3 CCM; 4 (GCM) is not supported
 *   dir         1 to encrypt, 0 to decrypt; in CTR that is the same
 *
 * Answers, nothing was begun then:
 *   NOMEM       the caller's last request is open, its upcall not queued yet;
 *               or no memory for the driver's state of the process (its grant)
 *   NOSUPPORT   there is no such mode; the one chosen before stays
 *   INVAL       no mode was chosen, or key or vector have another length, or
 *               there is no such tag
 *   RESERVE     there is no key, or no vector, which ECB does not need
 *   SIZE        CBC and ECB take whole blocks of 16 bytes; what CCM takes is
 *               said below
 *   OFF         there is no key, or in CCM the one message is treated
 *
 * Status:
 *   0           the source is treated; length is that of the result
 *   SIZE        the source was swapped for a shorter one on the way, or the
 *               destination is too short: length tells how far it went, and the
 *               key is forgotten
 *
 * CCM. The source is a frame: bytes up to the offset of command 5 that are just
 * copied, then data that is authenticated, from the offset of command 6 on the
 * message, and for decrypting the tag at the end. The destination gets the
 * frame with the message encrypted or decrypted; for encrypting the tag
 * follows, as much of it as there is room for. Offsets are in order and inside
 * the frame, data and message below 65280 bytes, else SIZE. Tags have 0, 4, 6,
 * 8... 16 bytes; at first 0, both offsets 0, and messages secret. Who decrypts
 * must not use the result unless the tag is valid; one of 0 bytes never is.
 *
 * Requests: one of each process, which has its own mode and key. Command 1, and
 * a command 2 that is refused, forget the key. A source of 0 bytes is done at
 * once. Computed in software (lib/aes, which tells what that leaks). Processes
 * take turns, AES_PIECE bytes each.
 *
 * Buffers: key and vector are copied by command 2, which also measures the
 * source; its bytes are taken as they are at some time before the upcall.
 *
 * Process ends: request and key are gone.
 * At start: no mode is chosen.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "virtual/work.h"

#define AES_PIECE 64u /* whole blocks */

struct aes {
    struct driver driver;
    struct work work;
    uint8_t piece[AES_PIECE];
};

void aes_init(struct aes *self);
