/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* A virtio device that the test plays; include chips/virtio/device.c first. */

static struct virtio_regs regs;

static void plug_in(enum virtio_kind kind)
{
    regs = (struct virtio_regs){
        .magic = VIRTIO_MAGIC,
        .version = VIRTIO_VERSION,
        .device_id = kind,
        .device_features = VIRTIO_FEATURE_VERSION_1,
        .queue_num_max = 64,
    };
}

/* The device says that it is done with a slot. */
static void answer(struct virtio_queue *queue, uint32_t slot, uint32_t len)
{
    uint16_t index = queue->used.index;

    queue->used.entries[index % VIRTIO_QUEUE_LEN].slot = slot;
    queue->used.entries[index % VIRTIO_QUEUE_LEN].len = len;
    queue->used.index = (uint16_t)(index + 1);
}
