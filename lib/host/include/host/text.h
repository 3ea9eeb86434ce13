/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Text that came from a board or a file, made fit for a terminal.
 *
 * Names in headers are UTF-8 but may hold anything else: control characters
 * and bytes that are no UTF-8 are printed as \xNN, so that no name can move
 * the cursor or spoil a log.
 */

#include <stddef.h>
#include <stdio.h>

/* Prints text, and blanks up to width columns (0 = none). */
void text_put(FILE *to, const char *text, size_t len, size_t width);

/* Columns that text_put takes without a width. */
size_t text_columns(const char *text, size_t len);
