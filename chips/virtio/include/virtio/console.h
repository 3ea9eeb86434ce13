/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A virtio console, or the first port of a virtio serial device, as a serial
 * port (VIRTIO 1.1, 5.3, without its optional features).
 *
 * Received bytes are collected in a buffer of the driver's: one that was lent
 * to the device could not be handed back when a reception is aborted. While
 * they wait there the device holds back what follows, so that nothing is lost.
 *
 * A device that answers nonsense is stopped: what is under way then ends with
 * TOCK_FAIL, and so does whatever comes after.
 *
 * Ownership: the board allocates; buffers are lent as hil/uart.h says.
 * Context: kernel thread only.
 */

#include "hil/deferred.h"
#include "hil/uart.h"
#include "virtio/device.h"

#define VIRTIO_CONSOLE_CHUNK 64u

struct virtio_console {
    struct hil_uart uart;
    struct virtio_device device;
    struct virtio_queue from_device;
    struct virtio_queue to_device;
    bool is_stopped;

    struct deferred sent;
    struct span sending;
    bool is_sending; /* from the call to the callback */
    bool is_sent;    /* only the callback is missing  */
    enum tock_error sent_status;

    struct deferred received;
    struct span receiving;
    uint32_t received_len;
    bool is_receiving; /* from the call to the callback */
    bool is_received;  /* only the callback is missing  */
    enum tock_error received_status;

    struct span arrived; /* in chunk, and not received yet */
    uint8_t chunk[VIRTIO_CONSOLE_CHUNK];
};

/* False: there is no such device at regs, and nothing may be called. */
bool virtio_console_init(struct virtio_console *self,
                         volatile struct virtio_regs *regs);
