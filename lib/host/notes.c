/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/notes.h"

#include "host/alloc.h"
#include "host/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void notes_add(struct notes *notes, const char *fmt, ...)
{
    char line[512];
    va_list args;

    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    notes->lines =
        alloc_resize(notes->lines, notes->count + 1, sizeof *notes->lines);
    notes->lines[notes->count++] = alloc_string(line, strlen(line));
}

void notes_print(const struct notes *notes, FILE *to, bool colour)
{
    for (size_t i = 0; i < notes->count; i++) {
        fputs(colour ? "\033[33mwarning:\033[0m " : "warning: ", to);
        text_put(to, notes->lines[i], strlen(notes->lines[i]), 0);
        putc('\n', to);
    }
}

void notes_free(struct notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        free(notes->lines[i]);
    free(notes->lines);
    *notes = (struct notes){0};
}
