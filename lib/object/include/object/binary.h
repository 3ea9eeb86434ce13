/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The inside of an app binary, and an object as a program's source text.
 *
 * C apps for Cortex-M begin with ten words that their start-up code goes by;
 * nothing in the header says whether an app is such a one.
 *
 * Trust: hostile objects; h was accepted by tbf_parse, bytes are the object.
 */

#include "tbf/tbf.h"

#include <stdio.h>

/* Prints the ten words, and the length of the relocations they lead to. */
void object_print_crt0(const struct tbf_header *h, const uint8_t *bytes,
                       FILE *to);

/* Prints bytes in hexadecimal and as characters, 16 in a line. */
void object_print_dump(const uint8_t *bytes, uint32_t len, FILE *to);

/*
 * Prints the object as a C array named after the app, without the zeros at
 * its end, and both sizes.
 */
void object_print_c(const struct tbf_header *h, const uint8_t *bytes, FILE *to);
