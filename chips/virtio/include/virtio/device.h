/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What all virtio devices have in common: the registers in memory ("MMIO",
 * version 2) and the split queues, as drivers for single kinds of devices use
 * them. Virtual I/O Device (VIRTIO) Version 1.1, OASIS, sections 2 and 4.2.
 *
 *     if (!virtio_begin(&self->device, regs, VIRTIO_KIND_...) ||
 *         !virtio_add_queue(&self->device, 0, &self->queue))
 *         return false;            there is none, it may stay as it is
 *     self->device.serve = serve;
 *     virtio_start(&self->device);
 *     virtio_queue_offer(&self->queue, 0, buffer);
 *
 * The chip calls virtio_serve when the device's interrupt waits, and that calls
 * serve, which takes what is done out of its queues. No optional feature is
 * used: none of a device kind's, no chains, no indirect descriptors.
 *
 * Queues. Each has VIRTIO_QUEUE_LEN slots, and a slot has one buffer, which the
 * device either reads or writes. The driver says which slot it uses.
 *
 * Ownership: a buffer is the device's from send or offer until take returns its
 * slot, or virtio_stop. Nothing else gets it back, so a buffer that can be
 * demanded back in between must not be given away.
 * Trust: what the device writes into a queue is hostile until it is checked.
 * Context: kernel thread only.
 */

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum virtio_kind {
    VIRTIO_KIND_CONSOLE = 3,
    VIRTIO_KIND_ENTROPY = 4,
};

struct virtio_regs;

struct virtio_device {
    volatile struct virtio_regs *regs;
    void (*serve)(struct virtio_device *self); /* the driver sets it */
};

#define VIRTIO_QUEUE_LEN 4u /* a power of two */

struct virtio_descriptor {
    uint64_t addr;
    uint32_t len;
    uint16_t flags;
    uint16_t next;
};

struct virtio_available {
    uint16_t flags;
    uint16_t index; /* of the next entry, counted without end */
    uint16_t slots[VIRTIO_QUEUE_LEN];
};

struct virtio_used_entry {
    uint32_t slot;
    uint32_t len;
};

struct virtio_used {
    uint16_t flags;
    uint16_t index;
    struct virtio_used_entry entries[VIRTIO_QUEUE_LEN];
};

/* The first three are the device's too; all of it is private. */
struct virtio_queue {
    _Alignas(16) volatile struct virtio_descriptor
        descriptors[VIRTIO_QUEUE_LEN];
    volatile struct virtio_available available;
    _Alignas(4) volatile struct virtio_used used;
    struct virtio_device *device;
    uint32_t number;
    uint32_t writable[VIRTIO_QUEUE_LEN]; /* bytes the device may write       */
    uint32_t is_given;                   /* bit per slot: it has a buffer    */
    uint16_t taken; /* entries of used that were looked at */
};

/*
 * Resets the device and agrees with it on no feature but version 1. False: at
 * regs there is no device of this kind, or none of this version, or it refuses.
 */
bool virtio_begin(struct virtio_device *self, volatile struct virtio_regs *regs,
                  enum virtio_kind kind);

/* Between begin and start. False: the device has no such queue. */
bool virtio_add_queue(struct virtio_device *self, uint32_t number,
                      struct virtio_queue *queue);

void virtio_start(struct virtio_device *self);

/* Resets the device for good: it has no buffer any more. */
void virtio_stop(struct virtio_device *self);

/* The device's interrupt waits. */
void virtio_serve(struct virtio_device *self);

/* Bytes for the device to read, or to write. The slot is free. */
void virtio_queue_send(struct virtio_queue *self, uint32_t slot,
                       struct span bytes);
void virtio_queue_offer(struct virtio_queue *self, uint32_t slot,
                        struct span buffer);

/* A slot that is done, and how many bytes the device wrote there. */
struct virtio_done {
    uint32_t slot;
    uint32_t len; /* at most what was offered */
};

enum virtio_take {
    VIRTIO_NOTHING,
    VIRTIO_TAKEN,
    VIRTIO_BROKEN, /* nonsense: the device can only be stopped */
};

enum virtio_take virtio_queue_take(struct virtio_queue *self,
                                   struct virtio_done *out);
