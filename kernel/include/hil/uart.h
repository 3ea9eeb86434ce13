/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A serial port: one transmission and one reception at a time.
 *
 * The port borrows a buffer from the call until the matching callback. All
 * callbacks are deferred: they never happen inside the call that caused them
 * and never in an interrupt. Each of the two directions has one client.
 *
 * Context: kernel thread only.
 */

#include "abi/abi.h"
#include "base/span.h"

struct hil_uart;
struct hil_uart_client;

struct hil_uart_client_ops {
    /* sent bytes of the buffer went out; status TOCK_CANCEL if aborted. */
    void (*transmitted)(struct hil_uart_client *self, uint32_t sent,
                        enum tock_error status);
    /* received bytes are in the buffer; status TOCK_CANCEL if aborted. */
    void (*received)(struct hil_uart_client *self, uint32_t received,
                     enum tock_error status);
};

/* First member of every client. */
struct hil_uart_client {
    const struct hil_uart_client_ops *ops;
};

struct hil_uart_ops {
    /* TOCK_BUSY: one is under way. */
    enum tock_error (*transmit)(struct hil_uart *self, struct span bytes);
    /* Ends the reception when the buffer is full. TOCK_BUSY likewise. */
    enum tock_error (*receive)(struct hil_uart *self, struct span buffer);
    /* The pending reception ends with its callback; none is no error. */
    void (*abort_receive)(struct hil_uart *self);
};

/* First member of every port. */
struct hil_uart {
    const struct hil_uart_ops *ops;
    struct hil_uart_client *client; /* set once, at board set-up */
};
