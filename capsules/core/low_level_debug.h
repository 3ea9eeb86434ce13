/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Numbers on the console, for code that cannot use anything else: it needs no
 * buffer and no upcall. Driver number 0x8 (TOCK_DRIVER_LOW_LEVEL_DEBUG).
 *
 *   command 0                is it there               Success
 *   command 1 (code)         alert                     Success
 *   command 2 (x)            print a number            Success
 *   command 3 (x, y)         print two                 Success
 *
 * What comes out, numbers in hexadecimal:
 *
 *   LowLevelDebug: App 0x1 alert code 0x2
 *   LowLevelDebug: App 0x1 prints 0x3
 *   LowLevelDebug: App 0x1 prints 0x3 0x4
 *   LowLevelDebug: Dropped 0x5 entries for app 0x1
 *   LowLevelDebug: grant init failed
 *
 * The app's number is the identifier of this life of the process. Alerts that
 * libraries send: 1 the app panicked, 2 it runs at an address that it was not
 * linked for. The last line says that there was no memory for some app's queue:
 * what that app printed is lost, though the command was a Success.
 *
 * Requests: each process has a queue of LOW_LEVEL_DEBUG_QUEUE entries. When it
 * is full, its last entry becomes the count of those that were dropped.
 * Processes take turns, a line each. A line that the port does not take is
 * lost.
 *
 * Process ends: the line that is on its way still comes out, what waits behind
 * it is lost.
 * At start: the queue is empty.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "hil/deferred.h"
#include "hil/uart.h"

#include <stdbool.h>

#define LOW_LEVEL_DEBUG_QUEUE 16u

/* The longest line: "Dropped" with two numbers of eight digits. */
#define LOW_LEVEL_DEBUG_LINE 64u

struct low_level_debug {
    struct driver driver;
    struct hil_uart_client client;
    struct deferred next;
    struct hil_uart *uart;
    uint32_t last_slot;     /* of the process whose entry was sent last     */
    bool is_sending;        /* the port has the line                        */
    bool has_grant_failure; /* to be told                                   */
    uint8_t line[LOW_LEVEL_DEBUG_LINE];
    uint32_t len;
};

void low_level_debug_init(struct low_level_debug *self, struct hil_uart *uart);
