/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* A terminal of one line, as far as a line editor needs one: characters,
 * backspace, CR and LF. Anything else is a mistake. */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define TERMINAL_WIDTH 100u

struct terminal {
    char line[TERMINAL_WIDTH + 1]; /* blanks where nothing was written */
    uint32_t column;
    uint32_t lines; /* ended */
    bool is_upset;
};

static inline void terminal_clear(struct terminal *self)
{
    memset(self->line, ' ', TERMINAL_WIDTH);
    self->line[TERMINAL_WIDTH] = '\0';
    self->column = 0;
}

static inline void terminal_put(struct terminal *self, char c)
{
    if (c == '\b' && self->column > 0) {
        self->column--;
    } else if (c == '\r') {
        self->column = 0;
    } else if (c == '\n') {
        terminal_clear(self);
        self->lines++;
    } else if (c >= ' ' && c <= '~' && self->column < TERMINAL_WIDTH) {
        self->line[self->column++] = c;
    } else {
        self->is_upset = true;
    }
}

/* Is that all there is on the line, and the cursor at this column? */
static inline bool terminal_shows(const struct terminal *self, const char *text,
                                  uint32_t len, uint32_t column)
{
    for (uint32_t i = 0; i < TERMINAL_WIDTH; i++) {
        if (self->line[i] != (i < len ? text[i] : ' '))
            return false;
    }
    return !self->is_upset && self->column == column;
}
