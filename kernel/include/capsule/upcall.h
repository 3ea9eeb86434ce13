/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Events for a process. They wait in its queue until it yields.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"

/*
 * Queues upcall number of this driver, whether or not the process subscribed.
 * TOCK_OK; TOCK_NOMEM: the queue is full, the event is lost and counted, or
 * the process has no grant of this driver; TOCK_NODEVICE: the process is not
 * alive; TOCK_INVAL: the driver has no such upcall.
 */
enum tock_error upcall_schedule(const struct driver *driver,
                                struct process *process, uint32_t number,
                                uint32_t arg0, uint32_t arg1, uint32_t arg2);

/* Takes back those upcalls of this number that wait and whose first argument is
 * arg0. */
void upcall_cancel(const struct driver *driver, struct process *process,
                   uint32_t number, uint32_t arg0);

/* How many upcalls of all drivers wait for this process. */
uint32_t upcall_count(const struct process *process);
