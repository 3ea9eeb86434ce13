/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Delivery of upcalls to a process that yields. */

#include "capsule/upcall.h"
#include "kernel/process.h"

/*
 * Brings a ready process that is not running back to RUNNING: the oldest
 * upcall (null ones are dropped on the way), or what it waits for.
 * It stays yielded if nothing but null upcalls was there, and faults if its
 * stack cannot take the call.
 */
void upcall_deliver(struct process *p);
