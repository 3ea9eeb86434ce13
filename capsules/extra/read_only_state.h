/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Kernel state for an app to read without a system call. Driver number 0x9
 * (TOCK_DRIVER_READ_ONLY_STATE).
 *
 *   command 0                is it there               Success
 *   command 1                version of what is        Success u32: 1
 *                            written
 *   userspace-readable 0     where to (allow class 7)  NOSUPPORT, NOMEM
 *
 * Before the process runs on, the kernel writes there, of these the ones that
 * fit as a whole, all with the low byte first: when it gets the processor, when
 * an upcall has reached it, and behind its system calls except Command.
 *
 *   offset 0, 4 bytes       how often that was, since it shared a buffer first
 *   offset 4, 4 bytes       upcalls that wait for it
 *   offset 8, 8 bytes       now, in ticks of the alarm driver; the upper half
 *                           is 0
 *
 * Answers of Allow:
 *   NOSUPPORT   another number than 0
 *   NOMEM       no memory for the driver's state of the process (its grant)
 *
 * Requests: none, and no upcalls. Each process has its own buffer, until it
 * swaps it for another, or one of length 0.
 *
 * Buffers: of less than 4 bytes get nothing. The app may write there as well;
 * the next time it is overwritten. It sees the bytes change only behind its
 * back, between two of its instructions: who reads more than one field compares
 * the first one before and after.
 *
 * Process ends: the buffer is forgotten.
 * At start: there is none, and the count is 0.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "capsule/turn.h"
#include "hil/alarm.h"

struct read_only_state {
    struct driver driver;
    struct turn_watcher watcher; /* for the board's kernel_config */
    struct hil_alarm *clock;
};

/* Only reads the clock. */
void read_only_state_init(struct read_only_state *self,
                          struct hil_alarm *clock);
