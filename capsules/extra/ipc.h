/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Communication of processes through shared buffers. Driver number 0x10000
 * (TOCK_DRIVER_IPC).
 *
 * A *service* is an app that others know by its package name; a *client* is one
 * that wants something of it. Both are addressed by an index, which stands for
 * the same app as long as it is installed. A client lends a buffer to the
 * service, tells it so, and the service is called with the buffer's address: it
 * reads and writes the client's memory itself.
 *
 *   command 0                is it there               Success, NODEVICE
 *   command 1                index of the app whose    Success u32: index;
 *                            name is in read-only 0    NODEVICE
 *   command 2 (index)        tell a service            Success, INVAL,
 *                                                      NODEVICE, NOMEM
 *   command 3 (index)        tell a client             Success, INVAL,
 *                                                      NODEVICE, NOMEM
 *   read-only 0              a name, all of it and nothing else
 *   read-write i             buffer for the process of index i
 *   upcall i                 (sender, length, address) somebody told us
 *
 * A service is called by the upcall of its own index, a client by that of the
 * service's. Command 1 with the service's own name tells its index; of several
 * apps of one name, also of those that have ended, the lowest. Without a buffer
 * the name is empty.
 *
 * Answers, nothing has been told then:
 *   NODEVICE    command 1: no app has this name. Command 2, 3: it has ended.
 *               Each command: the caller's own index is too high, it takes no
 *               part
 *   INVAL       there is no process of this index, or the buffer cannot be
 *               opened to it (capsule/share.h says which can), or four others
 *               share with it already
 *   NOMEM       its queue is full, or it is waiting and has no memory for this
 *               driver
 *
 * Requests: what is told is: I have something for you. It is a flag, not a
 * count: until the other's upcall runs, telling it once more is a Success and
 * changes nothing. It waits for an app that has not subscribed yet. So nobody's
 * queue can be flooded. Telling oneself is a Success and does nothing.
 *
 * When the upcall runs, the sender's buffer for the receiver is opened to it,
 * as it is then. Length and address are 0 if there is none, which every
 * receiver must expect.
 *
 * Buffers: one stays open after the upcall has returned, also while others are
 * told things, until its owner swaps it for another or begins a new life; when
 * it merely ends, the buffer stays too. A receiver that uses an address longer
 * than that faults. It must believe nothing that is in the buffer, and may find
 * it changed between two looks.
 *
 * Process ends: what it told, and what it was told, is forgotten.
 * At start: nothing is told, no buffer is open.
 *
 * Ownership: the kernel opens and closes windows. Context: kernel thread only.
 */

#include "capsule/driver.h"

#define IPC_PROCESSES 16u /* those in higher slots take no part */

struct ipc {
    struct driver driver;
    struct grant_layout layout;
    uint32_t count; /* of the slots that take part */
    /* Bit i of element n: the process in slot i has told the one in slot n,
     * as a service or a client, which has not been called yet. */
    uint16_t told_service[IPC_PROCESSES];
    uint16_t told_client[IPC_PROCESSES];
};

/* process_count: slots of the board. */
void ipc_init(struct ipc *self, uint32_t process_count);
