/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Descriptions of processes, line by line; kernel_dump has them all. */

#include "base/span.h"
#include "capsule/print.h"
#include "kernel/process.h"

/* For "%.*s". */
#define TEXT_ARGS(text) (int)(text).len, (const char *)(text).ptr

/* Its state, within a line. */
void report_state(const struct process *p, struct print_sink *to);

/* Line number line of state, counters and a picture of its memory, with CR LF.
 * False if there is no such line. */
bool report_line(const struct process *p, uint32_t line, struct print_sink *to);

/* Likewise where the kernel itself lies; no line if the board did not say. */
bool report_kernel_line(uint32_t line, struct print_sink *to);
