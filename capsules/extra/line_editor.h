/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A line that somebody types at a terminal: keys in, the terminal's picture of
 * the line out.
 *
 * Keys: left, right, home, end, delete, backspace, up and down through the
 * lines entered before; Ctrl-A and Ctrl-E like home and end; Ctrl-C and Ctrl-U
 * empty the line. Escape sequences that mean nothing here are swallowed whole,
 * other control characters and bytes from 0x80 on are ignored, and so is what
 * does not fit. CR, LF and CR LF end the line.
 *
 * What the terminal shows is brought up to date by line_editor_draw, after as
 * many keys as please: it puts the difference to what it drew last.
 *
 * Trust: bytes are hostile. Context: any.
 */

#include "base/span.h"
#include "capsule/print.h"

#include <stdbool.h>

#define LINE_EDITOR_MAX     63u /* characters */
#define LINE_EDITOR_HISTORY 10u /* lines, the one that is edited included */

/* At most so much does one line_editor_draw put. */
#define LINE_EDITOR_DRAWN (4u * LINE_EDITOR_MAX)

struct line {
    uint8_t bytes[LINE_EDITOR_MAX];
    uint8_t len;
};

/* What it has; good while the line is. */
static inline struct span line_bytes(struct line *line)
{
    struct span all = {line->bytes, sizeof(line->bytes)};

    return span_part(all, 0, line->len);
}

static inline bool line_starts_with(const struct line *line,
                                    const struct line *start)
{
    uint32_t i = 0;

    while (i < start->len && i < line->len && line->bytes[i] == start->bytes[i])
        i++;
    return i == start->len;
}

enum line_event {
    LINE_EDITED,  /* or nothing happened                                  */
    LINE_ENTERED, /* the cursor is at its end; line_editor_next comes next */
    LINE_TAB,     /* the user wants the line completed                    */
};

struct line_editor {
    struct line now;
    uint8_t cursor;
    struct line shown; /* on the terminal */
    uint8_t shown_cursor;
    struct line history[LINE_EDITOR_HISTORY]; /* 0: the edited one, put aside */
    uint8_t history_count;                    /* lines behind it              */
    uint8_t recalled;                         /* which one is now; 0: none    */
    uint8_t escape;                           /* where in a sequence          */
    uint8_t parameter;                        /* its first number             */
    bool has_parameter;
    bool was_cr;
};

void line_editor_init(struct line_editor *self);

/* Takes a byte from the terminal. */
enum line_event line_editor_take(struct line_editor *self, uint8_t byte);

/* As if the character had been typed. */
void line_editor_insert(struct line_editor *self, uint8_t byte);

/* The line without blanks around it; good until the next call. */
struct span line_editor_text(struct line_editor *self);

/* The bytes left of the cursor; likewise. */
struct span line_editor_before_cursor(struct line_editor *self);

/* Keeps the line in the history and begins an empty one on a fresh line of
 * the terminal. */
void line_editor_next(struct line_editor *self);

/* Nothing of the line is on the terminal any more; its cursor is where the
 * line is to begin. */
void line_editor_forget_shown(struct line_editor *self);

/* Is there something to draw? */
bool line_editor_is_dirty(const struct line_editor *self);

void line_editor_draw(struct line_editor *self, struct print_sink *to);
