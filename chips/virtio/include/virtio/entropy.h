/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A virtio entropy device (VIRTIO 1.1, 5.4) as a source of entropy: all 32 bits
 * of a word count, as far as the device is worth its name.
 *
 * The device fills two pools of bytes beforehand. Each byte is handed out once
 * and then overwritten. While no pool is filled the source is busy; it has
 * failed when the device was stopped for answering nonsense.
 *
 * Ownership: the board allocates. Context: kernel thread only.
 */

#include "hil/entropy.h"
#include "virtio/device.h"

#define VIRTIO_ENTROPY_POOLS 2u
#define VIRTIO_ENTROPY_BYTES 32u /* of a pool; a request takes one */

struct virtio_entropy {
    struct hil_entropy entropy;
    struct virtio_device device;
    struct virtio_queue queue;
    struct span unread[VIRTIO_ENTROPY_POOLS]; /* empty: lent to the device */
    uint8_t pools[VIRTIO_ENTROPY_POOLS][VIRTIO_ENTROPY_BYTES];
    bool is_stopped;
    bool is_awaited;
};

/* False: there is no such device at regs, and nothing may be called. */
bool virtio_entropy_init(struct virtio_entropy *self,
                         volatile struct virtio_regs *regs);
