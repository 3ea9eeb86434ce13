/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Messages of the kernel, for people at the console.
 *
 * A line goes into a ring buffer; the capsule that owns the serial port takes
 * it out (capsule/log.h) between the apps' output. What does not fit is
 * dropped and the next line that fits says how much. Lines end with CR LF.
 *
 * Conversions: %s text, %.*s text of a length, %u decimal, %x as 0x and eight
 * upper-case digits, %#x as 0x and as many lower-case ones as it needs, %c, %%.
 * Control characters in texts come out as '?', for
 * app names are written by strangers.
 *
 * Context: kernel thread only.
 */

#include "base/attr.h"

/* One line; CR LF is added. */
void debug_line(const char *fmt, ...) PRINTF_LIKE(1, 2);
