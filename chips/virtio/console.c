/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "virtio/console.h"

#include <stddef.h>

enum { QUEUE_FROM_DEVICE = 0, QUEUE_TO_DEVICE = 1 };
enum { SLOT = 0 }; /* one buffer at a time in each direction */

static struct virtio_console *of_uart(struct hil_uart *uart)
{
    return (void *)uart; /* first member */
}

/* --- sending -------------------------------------------------------------- */

static void end_sending(struct virtio_console *self, enum tock_error status)
{
    self->sent_status = status;
    self->is_sent = true;
    deferred_set(&self->sent);
}

static enum tock_error transmit(struct hil_uart *uart, struct span bytes)
{
    struct virtio_console *self = of_uart(uart);

    if (self->is_sending)
        return TOCK_BUSY;
    if (self->is_stopped)
        return TOCK_FAIL;
    self->is_sending = true;
    self->is_sent = false;
    self->sending = bytes;
    if (bytes.len == 0)
        end_sending(self, TOCK_OK);
    else
        virtio_queue_send(&self->to_device, SLOT, bytes);
    return TOCK_OK;
}

static void tell_sent(struct deferred *sent)
{
    struct virtio_console *self =
        (void *)((char *)sent - offsetof(struct virtio_console, sent));
    uint32_t count = self->sent_status == TOCK_OK ? self->sending.len : 0;

    self->is_sending = false;
    self->uart.client->ops->transmitted(self->uart.client, count,
                                        self->sent_status);
}

/* --- receiving ------------------------------------------------------------ */

static void end_reception(struct virtio_console *self, enum tock_error status)
{
    self->received_status = status;
    self->is_received = true;
    deferred_set(&self->received);
}

static bool wants_bytes(const struct virtio_console *self)
{
    return self->is_receiving && !self->is_received;
}

static void offer_chunk(struct virtio_console *self)
{
    virtio_queue_offer(&self->from_device, SLOT,
                       (struct span){self->chunk, sizeof(self->chunk)});
}

/* From the chunk to the reception; the empty chunk goes to the device. */
static void move_on(struct virtio_console *self)
{
    if (self->arrived.len == 0 || !wants_bytes(self))
        return;

    uint32_t count =
        span_copy(span_part(self->receiving, self->received_len, UINT32_MAX),
                  self->arrived);

    self->received_len += count;
    self->arrived = span_part(self->arrived, count, UINT32_MAX);
    if (self->received_len == self->receiving.len)
        end_reception(self, TOCK_OK);
    if (self->arrived.len == 0 && !self->is_stopped)
        offer_chunk(self);
}

static enum tock_error receive(struct hil_uart *uart, struct span buffer)
{
    struct virtio_console *self = of_uart(uart);

    if (self->is_receiving)
        return TOCK_BUSY;
    if (self->is_stopped && self->arrived.len == 0)
        return TOCK_FAIL;
    self->receiving = buffer;
    self->received_len = 0;
    self->is_receiving = true;
    self->is_received = false;
    if (buffer.len == 0)
        end_reception(self, TOCK_OK);
    move_on(self);
    return TOCK_OK;
}

static void abort_receive(struct hil_uart *uart)
{
    struct virtio_console *self = of_uart(uart);

    if (wants_bytes(self))
        end_reception(self, TOCK_CANCEL);
}

static void tell_received(struct deferred *received)
{
    struct virtio_console *self =
        (void *)((char *)received - offsetof(struct virtio_console, received));

    self->is_receiving = false;
    self->uart.client->ops->received(self->uart.client, self->received_len,
                                     self->received_status);
}

/* --- the device ----------------------------------------------------------- */

static void stop(struct virtio_console *self)
{
    virtio_stop(&self->device);
    self->is_stopped = true;
    if (self->is_sending && !self->is_sent)
        end_sending(self, TOCK_FAIL);
    if (wants_bytes(self))
        end_reception(self, TOCK_FAIL);
}

static void note_arrived(struct virtio_console *self, uint32_t len)
{
    self->arrived = (struct span){self->chunk, len};
    if (len == 0)
        offer_chunk(self);
    else
        move_on(self);
}

static void serve(struct virtio_device *device)
{
    struct virtio_console *self =
        (void *)((char *)device - offsetof(struct virtio_console, device));
    struct virtio_done in, out;

    if (self->is_stopped)
        return;

    enum virtio_take has_in = virtio_queue_take(&self->from_device, &in);
    enum virtio_take has_out = virtio_queue_take(&self->to_device, &out);

    if (has_in == VIRTIO_BROKEN || has_out == VIRTIO_BROKEN) {
        stop(self);
        return;
    }
    if (has_out == VIRTIO_TAKEN)
        end_sending(self, TOCK_OK);
    if (has_in == VIRTIO_TAKEN)
        note_arrived(self, in.len);
}

bool virtio_console_init(struct virtio_console *self,
                         volatile struct virtio_regs *regs)
{
    static const struct hil_uart_ops ops = {transmit, receive, abort_receive};

    *self = (struct virtio_console){
        .uart = {.ops = &ops},
        .sent = {.run = tell_sent},
        .received = {.run = tell_received},
    };
    if (!virtio_begin(&self->device, regs, VIRTIO_KIND_CONSOLE) ||
        !virtio_add_queue(&self->device, QUEUE_FROM_DEVICE,
                          &self->from_device) ||
        !virtio_add_queue(&self->device, QUEUE_TO_DEVICE, &self->to_device))
        return false;
    self->device.serve = serve;
    virtio_start(&self->device);
    offer_chunk(self);
    return true;
}
