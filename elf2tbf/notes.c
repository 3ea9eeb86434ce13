/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "notes.h"

#include "host/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void notes_add(struct notes *notes, const char *fmt, ...)
{
    char text[512];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    notes->texts =
        alloc_resize(notes->texts, notes->count + 1, sizeof *notes->texts);
    notes->texts[notes->count++] = alloc_format("%s", text);
}

void notes_free(struct notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        free(notes->texts[i]);
    free(notes->texts);
    *notes = (struct notes){0};
}
