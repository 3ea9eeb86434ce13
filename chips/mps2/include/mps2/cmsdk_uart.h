/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The APB UART of Arm's Cortex-M System Design Kit as a serial port.
 *
 * Registers: Cortex-M System Design Kit Technical Reference Manual
 * (ARM DDI 0479), APB UART. The hardware holds one byte in each direction. A
 * byte that arrives while nothing is received stays there, and QEMU keeps
 * back what follows, so that input typed early is not lost.
 *
 * Ownership: the board allocates; buffers are lent as hil/uart.h says.
 * Context: kernel thread only, the polled write excepted.
 */

#include "hil/deferred.h"
#include "hil/uart.h"

#include <stdbool.h>

struct cmsdk_uart_regs;

struct cmsdk_uart {
    struct hil_uart uart;
    struct cmsdk_uart_regs *regs;
    struct deferred done; /* calls the client for what has ended */

    struct span out;
    uint32_t sent;
    bool is_sending;
    bool out_done;

    struct span in;
    uint32_t received;
    enum tock_error in_status;
    bool is_receiving;
    bool in_done;
};

/* Starts the port; clock_hz is that of the bus. */
void cmsdk_uart_init(struct cmsdk_uart *self, struct cmsdk_uart_regs *regs,
                     uint32_t clock_hz, uint32_t baud);

/* Serves the receive and the transmit interrupt. */
void cmsdk_uart_serve(struct cmsdk_uart *self);

/*
 * Sends text at once, waiting for the hardware: an arch_put with the port as
 * sink. For panics: it works in any context, and sends the rest of a
 * transmission first.
 */
void cmsdk_uart_put(void *uart, const char *text);
