/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Registers of a virtio device in memory (VIRTIO 1.1, 4.2.2); private to the
 * transport. */

#include <stddef.h>
#include <stdint.h>

struct virtio_regs {
    uint32_t magic;
    uint32_t version;
    uint32_t device_id; /* 0: the place is empty */
    uint32_t vendor_id;
    uint32_t device_features; /* 32 of them, which the next one selects */
    uint32_t device_features_sel;
    uint32_t reserved_18[2];
    uint32_t driver_features;
    uint32_t driver_features_sel;
    uint32_t reserved_28[2];
    uint32_t queue_sel; /* the queue that the others mean */
    uint32_t queue_num_max;
    uint32_t queue_num;
    uint32_t reserved_3c[2];
    uint32_t queue_ready;
    uint32_t reserved_48[2];
    uint32_t queue_notify; /* written: a queue's number */
    uint32_t reserved_54[3];
    uint32_t interrupt_status;
    uint32_t interrupt_ack;
    uint32_t reserved_68[2];
    uint32_t status;
    uint32_t reserved_74[3];
    uint32_t queue_desc[2]; /* addresses: low, high */
    uint32_t reserved_88[2];
    uint32_t queue_driver[2];
    uint32_t reserved_98[2];
    uint32_t queue_device[2];
};

_Static_assert(offsetof(struct virtio_regs, queue_sel) == 0x30, "QueueSel");
_Static_assert(offsetof(struct virtio_regs, queue_notify) == 0x50, "Notify");
_Static_assert(offsetof(struct virtio_regs, status) == 0x70, "Status");
_Static_assert(offsetof(struct virtio_regs, queue_device) == 0xa0, "Device");

#define VIRTIO_MAGIC   0x74726976u /* "virt" */
#define VIRTIO_VERSION 2u

enum {
    VIRTIO_STATUS_ACKNOWLEDGE = 1,
    VIRTIO_STATUS_DRIVER = 2,
    VIRTIO_STATUS_DRIVER_OK = 4,
    VIRTIO_STATUS_FEATURES_OK = 8,
    VIRTIO_STATUS_FAILED = 128,
};

/* Bit 32 of the features, bit 0 of their second word. */
enum { VIRTIO_FEATURES_HIGH = 1, VIRTIO_FEATURE_VERSION_1 = 1 };

enum { VIRTIO_DESCRIPTOR_WRITE = 2 };
