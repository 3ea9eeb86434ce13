/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A serial port: one transmission and one reception at a time.
 *
 * The port borrows a buffer from the call until the matching callback. All
 * callbacks are deferred: they never happen inside the call that caused them
 * and never in an interrupt. A call that answers TOCK_OK ends with exactly one;
 * the next transfer of the same direction may begin within it. A port has one
 * client for both directions. Buffers have at least a byte.
 *
 * Errors of a call, and nothing has begun: TOCK_BUSY one is under way;
 * TOCK_FAIL the port is broken; TOCK_SIZE, of some ports, the buffer is empty.
 * Statuses of a callback: TOCK_OK; TOCK_CANCEL it was aborted; TOCK_FAIL the
 * port failed. What comes while nobody receives is lost, but for what the
 * hardware keeps.
 *
 * Context: kernel thread only.
 */

#include "abi/abi.h"
#include "base/span.h"

struct hil_uart;
struct hil_uart_client;

struct hil_uart_client_ops {
    /* sent bytes of the buffer went out: all of them if status is TOCK_OK. */
    void (*transmitted)(struct hil_uart_client *self, uint32_t sent,
                        enum tock_error status);
    /* received bytes are in the buffer: it is full if status is TOCK_OK. */
    void (*received)(struct hil_uart_client *self, uint32_t received,
                     enum tock_error status);
};

/* First member of every client. */
struct hil_uart_client {
    const struct hil_uart_client_ops *ops;
};

struct hil_uart_ops {
    enum tock_error (*transmit)(struct hil_uart *self, struct span bytes);
    /* Ends when the buffer is full. */
    enum tock_error (*receive)(struct hil_uart *self, struct span buffer);
    /* The pending reception ends with its callback; none is no error. */
    void (*abort_receive)(struct hil_uart *self);
};

/* First member of every port. */
struct hil_uart {
    const struct hil_uart_ops *ops;
    struct hil_uart_client *client; /* set once, at board set-up */
};
