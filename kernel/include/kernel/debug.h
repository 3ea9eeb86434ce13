/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Messages of the kernel, for people at the console.
 *
 * A line goes into a ring buffer; the capsule that owns the serial port takes
 * it out (capsule/log.h) between the apps' output. What does not fit is
 * dropped and the next line that fits says how much. Lines end with CR LF.
 *
 * The conversions are those of capsule/print.h.
 *
 * Context: kernel thread only.
 */

#include "base/attr.h"

/* One line; CR LF is added. */
void debug_line(const char *fmt, ...) PRINTF_LIKE(1, 2);
