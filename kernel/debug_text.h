/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

#include "base/attr.h"

/* Raw text into the kernel's messages, line ends included: for the ports'
 * descriptions, which come in pieces. Others use kernel/debug.h. */
void debug_text(const char *text);

/* Part of a line; conversions as in kernel/debug.h. */
void debug_piece(const char *fmt, ...) PRINTF_LIKE(1, 2);
