/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Text for people, made a character at a time.
 *
 * A sink takes the characters; a window is a sink that keeps those that fit
 * and counts all. Text longer than a window is made again with a larger skip:
 * nothing is lost and nobody needs room for the whole.
 *
 * Conversions: %s text, %.*s text of a length, %u decimal, %x as 0x and eight
 * upper-case digits, %#x as 0x and as many lower-case ones as it needs, %c, %%.
 * A width pads with blanks on the left, with - on the right; nothing is cut.
 * Control characters in texts come out as '?', for app names are written by
 * strangers.
 *
 * Context: any.
 */

#include "base/attr.h"
#include "base/span.h"

#include <stdarg.h>
#include <stdbool.h>

/* First member of every sink. */
struct print_sink {
    void (*put)(struct print_sink *self, char c);
};

void print_text(struct print_sink *sink, const char *fmt, ...)
    PRINTF_LIKE(2, 3);
void print_args(struct print_sink *sink, const char *fmt, va_list *args);

/* The text as it is, line ends included. */
void print_raw(struct print_sink *sink, const char *text);

/* Hostile text, padded with blanks to width bytes. */
void print_name(struct print_sink *sink, struct span name, uint32_t width);

struct print_window {
    struct print_sink sink;
    struct span to;
    uint32_t skip;  /* characters left out at the start      */
    uint32_t total; /* put so far, those that are not kept too */
};

void print_window_init(struct print_window *self, struct span to,
                       uint32_t skip);

/* Bytes in the window. */
uint32_t print_window_used(const struct print_window *self);

/* Did something come behind the window's end? */
bool print_window_is_cut(const struct print_window *self);
