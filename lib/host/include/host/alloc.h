/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Memory for the host tools.
 *
 * These functions do not return without the memory: when there is none, the
 * process says so and ends with status 1. Sizes that come from a file are
 * checked against a cap before they get here, so that a malformed file cannot
 * cause it. Whoever allocates also frees, with free().
 */

#include "base/attr.h"

#include <stddef.h>

/* Zeroed memory for count elements; count may be 0. */
void *alloc_zeroed(size_t count, size_t size);

/* Like realloc, to count elements. */
void *alloc_resize(void *old, size_t count, size_t size);

/* A copy of len bytes with a NUL behind them. */
char *alloc_string(const char *text, size_t len);

/* A formatted string. */
char *alloc_format(const char *fmt, ...) PRINTF_LIKE(1, 2);
