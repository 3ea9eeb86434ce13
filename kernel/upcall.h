/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Delivery of upcalls to a process that yields. */

#include "capsule/upcall.h"
#include "kernel/process.h"

/*
 * Brings a ready process that is not running back to RUNNING: with its oldest
 * upcall, or with what it waits for. If its oldest is a null upcall that is
 * dropped and it stays yielded.
 */
void upcall_deliver(struct process *p);
