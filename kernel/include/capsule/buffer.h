/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Buffers that a process shared with a driver by Allow.
 *
 * There is no pointer to keep: each access looks the buffer up again, because
 * the process may have swapped it for a shorter one, or ended. A buffer that
 * is not there has length 0. The process may write to its buffers at any
 * time, so read a byte once and decide on the copy.
 *
 * Context: kernel thread only. Trust: contents are hostile.
 */

#include "capsule/driver.h"

/* Current length of a read-only or read-write buffer. */
uint32_t buffer_readonly_len(const struct driver *driver,
                             const struct process *process, uint32_t number);
uint32_t buffer_writable_len(const struct driver *driver,
                             const struct process *process, uint32_t number);

/* Copies from [off, ...) of the buffer; returns how many bytes there were. */
uint32_t buffer_readonly_get(const struct driver *driver,
                             const struct process *process, uint32_t number,
                             uint32_t off, struct span to);
uint32_t buffer_writable_get(const struct driver *driver,
                             const struct process *process, uint32_t number,
                             uint32_t off, struct span to);

/*
 * A buffer of allow class 7, which the driver keeps itself. Addresses are the
 * app's. This does not check whether it is such a buffer, only that it is the
 * app's memory.
 */
struct buffer_held {
    uint32_t addr;
    uint32_t len;
};

/* Copies to its beginning; returns how many bytes fitted. */
uint32_t buffer_held_put(const struct process *process,
                         struct buffer_held buffer, struct span from);

/* Copies to [off, ...) of the buffer; returns how many bytes fitted. */
uint32_t buffer_writable_put(const struct driver *driver,
                             const struct process *process, uint32_t number,
                             uint32_t off, struct span from);
