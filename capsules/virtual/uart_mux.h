/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Many users of one serial port, the kernel's messages among them.
 *
 * Each user has a struct uart_mux_device, itself a hil_uart. Transmissions
 * take turns. A user that transmits again from within its transmitted
 * callback keeps its turn, so that a long text stays in one piece; one that
 * waits until later lets the others go first. The kernel's messages have a
 * turn like everybody, as many whole lines as there are at its start.
 *
 * A device may be interactive: people type there, and what it shows of that
 * ends within a line. Its text and that of others never share a line: where
 * one would go on in the other's, CR LF comes first.
 *
 * After UART_MUX_BURST transmissions the processes that are ready have a turn,
 * if they had none meanwhile: a port that takes bytes faster than the kernel
 * has them would otherwise keep the kernel busy as long as somebody writes. So
 * many short texts of an app still come out before it goes on, and may end.
 *
 * A received byte goes to every device that is receiving. While there is none
 * the port is not read. A device that is given memory for it keeps the bytes
 * that come while others receive and it does not, the newest if they are too
 * many: a program that reads a byte at a time misses none.
 *
 * Ownership: the board allocates mux and devices, once and for ever.
 * Context: kernel thread only; callbacks are deferred.
 */

#include "capsule/log.h"
#include "hil/deferred.h"
#include "hil/uart.h"

#include <stdbool.h>

#define UART_MUX_CHUNK 64u /* bytes of kernel messages per transmission */
#define UART_MUX_BURST 16u /* transmissions; as many short ones in a turn */

struct uart_mux;

struct uart_mux_device {
    struct hil_uart uart; /* hand &device->uart to the capsule */
    struct uart_mux *mux;
    struct uart_mux_device *next;
    struct span transmitting; /* waiting or under way if is_transmitting */
    struct span receiving;    /* valid if is_receiving                   */
    uint32_t received;        /* bytes in receiving                      */
    struct span kept;         /* a ring; no memory: nothing is kept      */
    uint32_t kept_first;
    uint32_t kept_count;
    bool is_transmitting;
    bool is_receiving;
    bool is_aborted;     /* the reception ends with the next deferred call */
    bool is_interactive; /* the capsule may change it              */
    struct deferred *when_pushed; /* set when its line was ended for     */
                                  /* others; null: none                  */
};

/* Whose the last line on the terminal is. */
enum uart_mux_line {
    UART_MUX_LINE_OURS,   /* the device's: it was the last to send       */
    UART_MUX_LINE_FRESH,  /* nobody's: it is empty                       */
    UART_MUX_LINE_OTHERS, /* another's, who may go on with it            */
};

struct uart_mux {
    struct hil_uart_client client;
    struct log_reader log;
    struct deferred deferred;
    struct deferred breath;
    struct hil_uart *port;
    struct uart_mux_device *devices;
    struct uart_mux_device *turn; /* whose it is, or was; null: the kernel's */
    bool is_sending;              /* the port, or a callback, is busy        */
    bool is_held;                 /* sending waits for the processes         */
    uint32_t unbroken;            /* transmissions since they had a turn     */
    struct span sending;          /* valid if is_sending                     */
    bool is_reading;              /* the port waits for a byte               */
    enum tock_error refused;      /* by the port; TOCK_OK if nothing was     */
    struct uart_mux_device *last; /* who sent last; null: the kernel     */
    bool is_inside_line;          /* and not up to a line's end          */
    bool is_breaking;             /* the port has the CR LF before text  */
    struct span behind_break;     /* that text                           */
    uint32_t log_left;            /* bytes of the kernel's turn yet to send  */
    uint8_t byte[1];
    uint8_t chunk[UART_MUX_CHUNK];
    uint8_t line_end[2];
};

/* Takes the port and becomes its client and the kernel log's reader. */
void uart_mux_init(struct uart_mux *self, struct hil_uart *port);

/* Adds a device; returns &device->uart. */
struct hil_uart *uart_mux_add(struct uart_mux *self,
                              struct uart_mux_device *device);

enum uart_mux_line uart_mux_line(const struct uart_mux_device *device);

/* Gives the device memory for bytes that it is not ready for. */
void uart_mux_keep(struct uart_mux_device *device, struct span memory);

/* What was typed until now was meant for this device: the others' bytes that
 * were kept are forgotten. */
void uart_mux_claim(const struct uart_mux_device *device);
