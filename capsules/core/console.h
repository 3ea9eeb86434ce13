/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Console: text to and from the serial port. Driver number 0x1.
 *
 *   command 0          is it there            Success
 *   command 1 (len)    write read-only 1      Success
 *   command 2 (len)    read into read-write 1 Success, BUSY, INVAL
 *   command 3          end my read            Success
 *   upcall 1           (written, written, 0)  the write is done
 *   upcall 2           (status, read, 0)      the read is done
 *
 * Each command may answer NOMEM. A write sends at most the buffer's length
 * and always ends with its upcall, also when it has nothing to send. A second
 * write before that replaces the first. There is one read at a time on the
 * whole console, of at most CONSOLE_CHUNK bytes; it ends with status 0, SIZE
 * (the buffer was too short), NOMEM (it is gone), CANCEL (command 3) or FAIL.
 *
 * The first upcall argument of a write is the number of bytes, as Tock has
 * it; the second repeats it because libtock-c reads the count there.
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
