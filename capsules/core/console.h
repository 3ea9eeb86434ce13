/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Console: text to and from the serial port. Driver number 0x1
 * (TOCK_DRIVER_CONSOLE).
 *
 *   command 0                is it there               Success, NOMEM
 *   command 1 (len)          write len bytes of        Success, NOMEM
 *                            read-only 1
 *   command 2 (len)          read len bytes into       Success, BUSY, INVAL,
 *                            read-write 1              NOMEM
 *   command 3                end my read               Success, NOMEM
 *   read-only 1              what to write
 *   read-write 1             where to read to
 *   upcall 1                 (written, written, 0)     the write is done
 *   upcall 2                 (status, read, 0)         the read is done
 *
 * Numbers begin at 1: 0 of each kind is there and is not used. Bytes go out and
 * come in as they are. The count of a write comes twice: Tock has it in the
 * first word, libtock-c reads it in the second.
 *
 * Answers, nothing was begun then:
 *   BUSY        a read is open, of whichever process
 *   INVAL       more than CONSOLE_CHUNK bytes are to be read: the smaller of
 *               len and the buffer's length
 *   NOMEM       no memory for the driver's state of the process (its grant)
 *
 * Status of a read:
 *   0           all bytes have come
 *   SIZE        the buffer was swapped for a shorter one: read is its length,
 *               the rest is lost
 *   NOMEM       the buffer was taken away: read is 0
 *   CANCEL      command 3: read tells what had come
 *   FAIL        the port failed: read is 0
 *
 * Requests: a write is of the smaller of len and the buffer's length and always
 * ends with its upcall, also of 0 bytes. Each process has one; a second one
 * before the upcall replaces the first, and one upcall comes, with the second's
 * count. Processes take turns; one write stays in one piece. There is one read
 * on the whole console; of 0 bytes it is done at once. Command 3 without a read
 * of the caller's does nothing.
 *
 * Buffers: a write is fetched CONSOLE_CHUNK bytes at a time. If the buffer
 * becomes shorter, or the port fails, it ends there and tells how much went
 * out.
 *
 * Process ends: the chunk that is on its way still goes out; its read makes
 * room for others.
 * At start: nothing is open. What is typed while nobody reads is not lost as
 * long as the port can keep it (virtual/uart_mux.h).
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "hil/deferred.h"
#include "hil/uart.h"

#include <stdbool.h>

#define CONSOLE_CHUNK 64u /* bytes per transfer, and of the longest read */

struct console {
    struct driver driver;
    struct hil_uart_client client;
    struct deferred next_write;
    struct hil_uart *uart;
    struct process_ref writer; /* valid if is_writing */
    struct process_ref reader; /* valid if is_reading */
    bool is_writing;           /* the port has a chunk of ours */
    bool is_reading;
    uint8_t out[CONSOLE_CHUNK];
    uint8_t in[CONSOLE_CHUNK];
};

void console_init(struct console *self, struct hil_uart *uart);
