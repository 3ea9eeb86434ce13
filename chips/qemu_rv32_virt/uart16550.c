/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "qemu_rv32_virt/uart16550.h"

#include <stddef.h>

struct uart16550_regs {
    uint8_t data; /* receive and transmit; divisor low if LCR_DIVISOR */
    uint8_t ier;  /* interrupt enable; divisor high if LCR_DIVISOR    */
    uint8_t fcr;  /* written: queue control                           */
    uint8_t lcr;  /* line control                                     */
    uint8_t mcr;  /* modem control                                    */
    uint8_t lsr;  /* line status                                      */
};

_Static_assert(offsetof(struct uart16550_regs, lsr) == 5, "byte registers");

enum { IER_RECEIVED = 0x01, IER_TRANSMITTED = 0x02 };
enum { FCR_ENABLE = 0x01, FCR_CLEAR_BOTH = 0x06 };
enum { LCR_8N1 = 0x03, LCR_DIVISOR = 0x80 };
enum { LSR_DATA_READY = 0x01, LSR_TRANSMIT_EMPTY = 0x20 };

enum { QUEUE_LEN = 16 };

/* Input clock of QEMU's port (its device tree) / 16 / baud rate. */
enum { DIVISOR_115200 = 3686400 / 16 / 115200 };

static void update_interrupts(struct uart16550 *self)
{
    uint8_t wanted = 0;

    if (self->rx.is_active && !self->rx.is_done)
        wanted |= IER_RECEIVED;
    if (self->tx.is_active && !self->tx.is_done)
        wanted |= IER_TRANSMITTED;
    self->regs->ier = wanted;
}

static void end_transfer(struct uart16550_transfer *transfer,
                         enum tock_error status)
{
    transfer->status = status;
    transfer->is_done = true;
    deferred_set(&transfer->finish);
}

static enum tock_error begin_transfer(struct uart16550 *self,
                                      struct uart16550_transfer *transfer,
                                      struct span buffer)
{
    if (transfer->is_active)
        return TOCK_BUSY;
    transfer->buffer = buffer;
    transfer->count = 0;
    transfer->is_active = true;
    transfer->is_done = false;
    if (buffer.len == 0)
        end_transfer(transfer, TOCK_OK);
    update_interrupts(self);
    return TOCK_OK;
}

static struct uart16550 *of_uart(struct hil_uart *uart)
{
    return (void *)((char *)uart - offsetof(struct uart16550, uart));
}

static enum tock_error transmit(struct hil_uart *uart, struct span bytes)
{
    struct uart16550 *self = of_uart(uart);

    return begin_transfer(self, &self->tx, bytes);
}

static enum tock_error receive(struct hil_uart *uart, struct span buffer)
{
    struct uart16550 *self = of_uart(uart);

    return begin_transfer(self, &self->rx, buffer);
}

static void abort_receive(struct hil_uart *uart)
{
    struct uart16550 *self = of_uart(uart);

    if (!self->rx.is_active || self->rx.is_done)
        return;
    end_transfer(&self->rx, TOCK_CANCEL);
    update_interrupts(self);
}

static const struct hil_uart_ops uart_ops = {
    .transmit = transmit,
    .receive = receive,
    .abort_receive = abort_receive,
};

static void transmit_finished(struct deferred *deferred)
{
    struct uart16550 *self =
        (void *)((char *)deferred - offsetof(struct uart16550, tx.finish));

    self->tx.is_active = false;
    self->uart.client->ops->transmitted(self->uart.client, self->tx.count,
                                        self->tx.status);
}

static void receive_finished(struct deferred *deferred)
{
    struct uart16550 *self =
        (void *)((char *)deferred - offsetof(struct uart16550, rx.finish));

    self->rx.is_active = false;
    self->uart.client->ops->received(self->uart.client, self->rx.count,
                                     self->rx.status);
}

static void serve_transmit(struct uart16550 *self)
{
    struct uart16550_transfer *tx = &self->tx;

    if (!tx->is_active || tx->is_done ||
        !(self->regs->lsr & LSR_TRANSMIT_EMPTY))
        return;
    for (uint32_t room = QUEUE_LEN; room > 0 && tx->count < tx->buffer.len;
         room--)
        self->regs->data = span_get(tx->buffer, tx->count++);
    if (tx->count == tx->buffer.len)
        end_transfer(tx, TOCK_OK);
}

static void serve_receive(struct uart16550 *self)
{
    struct uart16550_transfer *rx = &self->rx;

    if (!rx->is_active || rx->is_done)
        return;
    while (rx->count < rx->buffer.len && self->regs->lsr & LSR_DATA_READY)
        span_set(rx->buffer, rx->count++, self->regs->data);
    if (rx->count == rx->buffer.len)
        end_transfer(rx, TOCK_OK);
}

void uart16550_serve(struct uart16550 *self)
{
    serve_transmit(self);
    serve_receive(self);
    update_interrupts(self);
}

static void put_byte(struct uart16550 *self, uint8_t byte)
{
    while (!(self->regs->lsr & LSR_TRANSMIT_EMPTY))
        ;
    self->regs->data = byte;
}

void uart16550_put(void *uart, const char *text)
{
    struct uart16550 *self = uart;
    struct uart16550_transfer *tx = &self->tx;

    while (tx->count < tx->buffer.len)
        put_byte(self, span_get(tx->buffer, tx->count++));
    for (; *text != '\0'; text++)
        put_byte(self, (uint8_t)*text);
}

void uart16550_init(struct uart16550 *self,
                    volatile struct uart16550_regs *regs)
{
    self->uart.ops = &uart_ops;
    self->regs = regs;
    self->tx.finish.run = transmit_finished;
    self->rx.finish.run = receive_finished;

    regs->ier = 0;
    regs->lcr = LCR_DIVISOR | LCR_8N1;
    regs->data = DIVISOR_115200;
    regs->ier = 0; /* the divisor's high byte while LCR_DIVISOR is set */
    regs->lcr = LCR_8N1;
    regs->fcr = FCR_ENABLE | FCR_CLEAR_BOTH;
}
