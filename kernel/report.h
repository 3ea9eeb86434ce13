/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Descriptions of processes on the console: for faults and panics. */

#include "base/span.h"
#include "kernel/process.h"

/* For "%.*s". */
#define TEXT_ARGS(text) (int)(text).len, (const char *)(text).ptr

/* Its state, within a line. */
void report_state(const struct process *p);

/* State, counters and memory. */
void report_process(const struct process *p);

/* Registers, and the cause of its last trap. */
void report_registers(const struct process *p);
