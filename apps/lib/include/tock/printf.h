/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Formatted output to the console, without a heap.
 *
 * A part of the standard's printf: %d %u %x %p %c %s %%, an `l` before them,
 * and a width up to 32 with or without a leading 0 before numbers. The
 * compiler checks the arguments; a uint32_t is an unsigned long here (%lu).
 * %p always has eight digits. A line may have any length; it leaves in pieces
 * of 64 bytes, and what the console refuses is lost.
 */

#include "base/attr.h"

void printf(const char *format, ...) PRINTF_LIKE(1, 2);
