/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The serial port: a 16550 with 16-byte queues, 115200 8N1.
 *
 * Interrupts are on only for what is under way: with no reception pending,
 * what arrives stays in the port (QEMU then holds the sender back).
 *
 * Registers: Texas Instruments TL16C550D data sheet, "Principles of operation".
 */

#include "hil/deferred.h"
#include "hil/uart.h"

struct uart16550_regs;

/* One direction's transfer: count of the buffer's bytes are done. */
struct uart16550_transfer {
    struct span buffer;
    uint32_t count;
    bool is_active; /* from the call to the callback */
    bool is_done;   /* only the callback is missing  */
    enum tock_error status;
    struct deferred finish;
};

struct uart16550 {
    struct hil_uart uart;
    volatile struct uart16550_regs *regs;
    struct uart16550_transfer tx;
    struct uart16550_transfer rx;
};

/* Once; regs is the port's address. */
void uart16550_init(struct uart16550 *self,
                    volatile struct uart16550_regs *regs);

/* The port's interrupt wants service. */
void uart16550_serve(struct uart16550 *self);

/*
 * Writes text now, waiting for the port, without interrupts: an arch_put for
 * panics. uart is a struct uart16550; the rest of a transmission goes first.
 */
void uart16550_put(void *uart, const char *text);
