/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What a terminal can and wants to show: colour, animation, UTF-8, width.
 *
 * The decisions of one place, so that both tools follow the same rules: an
 * option wins over NO_COLOR, that over FORCE_COLOR and CLICOLOR_FORCE, these
 * over what the stream is.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum ui_colour {
    UI_COLOUR_AUTO,
    UI_COLOUR_ALWAYS,
    UI_COLOUR_NEVER,
};

/* "auto", "always" or "never"; false for any other word. */
bool ui_colour_parse(const char *word, enum ui_colour *out);

/* May text on this stream be coloured? */
bool ui_colour(FILE *stream, enum ui_colour wish);

/* May lines on this stream be redrawn? */
bool ui_animate(FILE *stream);

/* Can the user's terminal show characters beyond ASCII? */
bool ui_utf8(void);

/* Columns of the terminal; 80 if unknown. */
unsigned ui_width(FILE *stream);

/* A size for people: "512 B", "3.9 KiB", "4 KiB", "1.5 MiB". */
struct ui_size {
    char text[16];
};
struct ui_size ui_size(uint64_t bytes);
