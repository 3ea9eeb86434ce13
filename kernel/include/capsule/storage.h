/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Storage rights: whose stored objects a process may use.
 *
 * Whatever a driver stores for a process carries the process's *write id*, the
 * short id of its app; there is none for an app without a fixed short id. Who
 * may read and who may change it the board decides (struct kernel_config): its
 * owner, or the apps whose header lists the id.
 *
 * The header is read anew at each call. Nobody has a right to objects of id 0.
 *
 * Context: kernel thread only.
 */

#include "capsule/process.h"

#include <stdbool.h>
#include <stdint.h>

/* What the process's objects are marked with; 0: it may not store any. */
uint32_t storage_write_id(const struct process *process);

/* May it read objects that are marked with this id? */
bool storage_may_read(const struct process *process, uint32_t owner);

/* May it change and delete them? */
bool storage_may_modify(const struct process *process, uint32_t owner);
