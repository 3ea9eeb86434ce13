/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Buffers of one process opened to another, at the same address.
 *
 * What a process has lent a driver (read-write Allow) the driver can open to a
 * second process, the *guest*: it then reads and writes these bytes itself,
 * through a window of its protection hardware. The window lasts until
 *
 * - the owner swaps the buffer for another one,
 * - another buffer of the same owner is opened to the same guest,
 * - the owner or the guest begins a new life, or is taken out of memory.
 *
 * It outlasts an owner that has ended, whose memory then lies idle: a guest
 * does not fault because an owner ended while it was busy with the buffer.
 * Each of this is the kernel's doing; the driver does not have to tell it.
 *
 * A guest has PLACE_WINDOWS windows (four), at most one on each owner. Which
 * buffers can be opened is the hardware's to say (lib/place): their address and
 * length are multiples of 4 on RISC-V, of 32 on ARMv8-M; on ARMv7-M the length
 * is a power of two from 32 on and the address a multiple of it.
 *
 * Context: kernel thread only. Trust: guest and owner are hostile to each
 * other; neither can reach more than the buffer.
 */

#include "capsule/driver.h"

#include <stdbool.h>

/* Addresses are the apps'. len 0: there is nothing. */
struct shared_buffer {
    uint32_t addr;
    uint32_t len;
};

/* Could the owner's buffer of this number be opened to the guest now? Also if
 * there is none. */
bool share_fits(const struct driver *driver, const struct process *owner,
                uint32_t number, const struct process *guest);

/*
 * Opens the owner's buffer of this number to the guest and tells where it is.
 * len 0: there is none, or it does not fit, or no window is free; the guest
 * then sees nothing of this owner. Both are alive, and not the same.
 */
struct shared_buffer share_open(const struct driver *driver,
                                struct process *owner, uint32_t number,
                                struct process *guest);
