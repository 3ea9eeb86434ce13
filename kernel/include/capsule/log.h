/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The kernel's messages, for the capsule that sends them.
 *
 * One capsule registers as reader. It is called (deferred) when bytes wait
 * and sends them when it pleases. It drops what is sent only then: what a panic
 * finds in the ring, it prints. Bytes that nobody drops are kept until the ring
 * is full.
 *
 * Context: kernel thread only.
 */

#include "base/span.h"

#include <stdint.h>

struct log_reader;

/* First or any member of the reading capsule. */
struct log_reader {
    void (*ready)(struct log_reader *self); /* bytes wait */
};

/* The one reader; it lives for ever. */
void log_set_reader(struct log_reader *reader);

/* Bytes that wait; whole lines. */
uint32_t log_pending(void);

/* Copies up to to.len bytes, the oldest first, which stay; returns their
 * number. */
uint32_t log_peek(struct span to);

/* The oldest bytes are sent; not more than wait. */
void log_drop(uint32_t count);
