/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * System calls that an app's header does not list are refused, on boards that
 * want it (kernel/kernel.h, uses_permissions).
 *
 * An app without a list may call everything. With one it may use the drivers
 * in it, and of their commands those whose bits are set. Yield, Memop and Exit
 * are always allowed.
 */

#include "kernel/process.h"

#include <stdbool.h>

/* number: of the command; no matter for other classes. */
bool filter_allows(const struct process *p, uint32_t class, uint32_t driver,
                   uint32_t number);
