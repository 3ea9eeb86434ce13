/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Before a process runs on, one capsule may do something for it: when it gets
 * the processor, when an upcall reaches it, and behind its system calls except
 * Command. The board names the capsule in its struct kernel_config; the capsule
 * names the processes, others cost nothing.
 *
 * Context: kernel thread only. Be quick.
 */

#include "capsule/process.h"

struct turn_watcher;

struct turn_watcher {
    void (*begins)(struct turn_watcher *self, struct process *process);
};

/* From now on and as long as it lives. */
void turn_watch(struct process *process);
