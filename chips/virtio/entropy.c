/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "virtio/entropy.h"

#include <stddef.h>

enum { QUEUE_REQUESTS = 0, WORD = sizeof(uint32_t) };

/* The pool's number is the slot's. */
static void lend(struct virtio_entropy *self, uint32_t pool)
{
    self->unread[pool] = (struct span){0};
    virtio_queue_offer(&self->queue, pool,
                       (struct span){self->pools[pool], VIRTIO_ENTROPY_BYTES});
}

static uint32_t take_word(struct span bytes)
{
    uint32_t word = 0;

    for (uint32_t i = 0; i < WORD; i++) {
        word = word << 8 | span_get(bytes, i);
        span_set(bytes, i, 0);
    }
    return word;
}

static enum tock_error gather(struct hil_entropy *entropy, uint32_t *word)
{
    struct virtio_entropy *self = (void *)entropy; /* first member */

    if (self->is_stopped)
        return TOCK_FAIL;

    for (uint32_t pool = 0; pool < VIRTIO_ENTROPY_POOLS; pool++) {
        struct span *unread = &self->unread[pool];

        if (unread->len == 0)
            continue;
        *word = take_word(*unread);
        *unread = span_part(*unread, WORD, UINT32_MAX);
        if (unread->len == 0)
            lend(self, pool);
        return TOCK_OK;
    }
    self->is_awaited = true;
    return TOCK_BUSY;
}

/* Bytes that are no whole word are not used. */
static void note_filled(struct virtio_entropy *self, struct virtio_done done)
{
    uint32_t len = done.len - done.len % WORD;

    if (len == 0)
        lend(self, done.slot);
    else
        self->unread[done.slot] = (struct span){self->pools[done.slot], len};
}

static void take_filled(struct virtio_entropy *self)
{
    struct virtio_done done;

    for (uint32_t i = 0; i < VIRTIO_ENTROPY_POOLS && !self->is_stopped; i++) {
        switch (virtio_queue_take(&self->queue, &done)) {
        case VIRTIO_NOTHING:
            return;
        case VIRTIO_TAKEN:
            note_filled(self, done);
            break;
        case VIRTIO_BROKEN:
            virtio_stop(&self->device);
            self->is_stopped = true;
            break;
        }
    }
}

static void serve(struct virtio_device *device)
{
    struct virtio_entropy *self =
        (void *)((char *)device - offsetof(struct virtio_entropy, device));
    bool was_awaited = self->is_awaited;

    take_filled(self);
    self->is_awaited = false;
    if (was_awaited)
        self->entropy.client->ops->ready(self->entropy.client);
}

bool virtio_entropy_init(struct virtio_entropy *self,
                         volatile struct virtio_regs *regs)
{
    static const struct hil_entropy_ops ops = {gather};

    *self = (struct virtio_entropy){.entropy = {.ops = &ops}};
    if (!virtio_begin(&self->device, regs, VIRTIO_KIND_ENTROPY) ||
        !virtio_add_queue(&self->device, QUEUE_REQUESTS, &self->queue))
        return false;
    self->device.serve = serve;
    virtio_start(&self->device);
    for (uint32_t pool = 0; pool < VIRTIO_ENTROPY_POOLS; pool++)
        lend(self, pool);
    return true;
}
