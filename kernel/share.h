/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* What ends windows on other processes' memory (capsule/share.h). */

#include "capsule/share.h"
#include "kernel/process.h"

/* The process begins a new life or leaves memory: no one has a window on it,
 * and it has none. */
void share_end(struct process *p);

/* The process has swapped a read-write buffer of this driver; called only if
 * p->is_shared. */
void share_swapped(struct process *p, const struct driver *driver,
                   uint32_t number);
