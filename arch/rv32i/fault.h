/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Within the port: what the hardware said of the latest fault of a process,
 * for arch_describe_fault. */

#include "arch/context.h"

/* The process has trapped with an exception, the latest trap of all. */
void fault_note(const struct arch_context *ctx);

/* It begins a new life. */
void fault_forget(const struct arch_context *ctx);
