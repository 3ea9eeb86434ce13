/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "mps2/cmsdk_uart.h"

#include "regs.h"

#include <stddef.h>

enum {
    STATE_TX_FULL = 1 << 0,
    STATE_RX_FULL = 1 << 1,
    CTRL_TX_ENABLE = 1 << 0,
    CTRL_RX_ENABLE = 1 << 1,
    CTRL_TX_INTERRUPT = 1 << 2,
    CTRL_RX_INTERRUPT = 1 << 3,
    INT_TX = 1 << 0,
    INT_RX = 1 << 1,
};

/* Fills the transmitter; the interrupt of its last byte continues. */
static void send_more(struct cmsdk_uart *self)
{
    while (self->sent < self->out.len &&
           (self->regs->state & STATE_TX_FULL) == 0)
        self->regs->data = self->out.ptr[self->sent++];
    if (self->sent < self->out.len)
        return;
    self->regs->ctrl &= ~(uint32_t)CTRL_TX_INTERRUPT;
    self->is_sending = false;
    self->out_done = true;
    deferred_set(&self->done);
}

static void end_reception(struct cmsdk_uart *self, enum tock_error status)
{
    self->regs->ctrl &= ~(uint32_t)CTRL_RX_INTERRUPT;
    self->is_receiving = false;
    self->in_status = status;
    self->in_done = true;
    deferred_set(&self->done);
}

static void receive_more(struct cmsdk_uart *self)
{
    while (self->received < self->in.len &&
           (self->regs->state & STATE_RX_FULL) != 0)
        self->in.ptr[self->received++] = (uint8_t)self->regs->data;
    if (self->received == self->in.len)
        end_reception(self, TOCK_OK);
}

void cmsdk_uart_serve(struct cmsdk_uart *self)
{
    self->regs->intstatus = INT_TX | INT_RX;
    if (self->is_sending)
        send_more(self);
    if (self->is_receiving)
        receive_more(self);
}

static enum tock_error transmit(struct hil_uart *uart, struct span bytes)
{
    struct cmsdk_uart *self = (struct cmsdk_uart *)uart;

    if (self->is_sending || self->out_done)
        return TOCK_BUSY;
    self->out = bytes;
    self->sent = 0;
    self->is_sending = true;
    self->regs->ctrl |= CTRL_TX_INTERRUPT;
    send_more(self);
    return TOCK_OK;
}

/* A byte that waited already makes no interrupt: it is taken here. */
static enum tock_error receive(struct hil_uart *uart, struct span buffer)
{
    struct cmsdk_uart *self = (struct cmsdk_uart *)uart;

    if (self->is_receiving || self->in_done)
        return TOCK_BUSY;
    self->in = buffer;
    self->received = 0;
    self->is_receiving = true;
    self->regs->ctrl |= CTRL_RX_INTERRUPT;
    receive_more(self);
    return TOCK_OK;
}

static void abort_receive(struct hil_uart *uart)
{
    struct cmsdk_uart *self = (struct cmsdk_uart *)uart;

    if (self->is_receiving)
        end_reception(self, TOCK_CANCEL);
}

/* The client may start the next transfer from within its callback. */
static void call_client(struct deferred *done)
{
    struct cmsdk_uart *self =
        (struct cmsdk_uart *)(void *)((char *)done -
                                      offsetof(struct cmsdk_uart, done));
    struct hil_uart_client *client = self->uart.client;

    if (self->out_done) {
        self->out_done = false;
        client->ops->transmitted(client, self->sent, TOCK_OK);
    }
    if (self->in_done) {
        self->in_done = false;
        client->ops->received(client, self->received, self->in_status);
    }
}

static const struct hil_uart_ops ops = {transmit, receive, abort_receive};

void cmsdk_uart_init(struct cmsdk_uart *self, struct cmsdk_uart_regs *regs,
                     uint32_t clock_hz, uint32_t baud)
{
    self->uart.ops = &ops;
    self->done.run = call_client;
    self->regs = regs;
    self->regs->bauddiv = clock_hz / baud;
    self->regs->ctrl = CTRL_TX_ENABLE | CTRL_RX_ENABLE;
    self->regs->intstatus = INT_TX | INT_RX;
}

static void put_byte(struct cmsdk_uart *self, uint8_t byte)
{
    while ((self->regs->state & STATE_TX_FULL) != 0)
        continue;
    self->regs->data = byte;
}

void cmsdk_uart_put(void *uart, const char *text)
{
    struct cmsdk_uart *self = uart;

    while (self->sent < self->out.len)
        put_byte(self, span_get(self->out, self->sent++));
    for (; *text != '\0'; text++)
        put_byte(self, (uint8_t)*text);
}
