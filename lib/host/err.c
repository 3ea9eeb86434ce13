/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/err.h"

#include "host/text.h"

#include <stdarg.h>
#include <string.h>

int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
    va_list args;

    e->kind = kind;
    e->where[0] = '\0';
    e->hint[0] = '\0';
    va_start(args, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, args);
    va_end(args);
    return -1;
}

int err_while(struct err *e, const char *fmt, ...)
{
    va_list args;
    size_t used = strlen(e->where);

    if (used != 0 && used + 2 < sizeof e->where) {
        memcpy(e->where + used, ", ", 3);
        used += 2;
    }
    va_start(args, fmt);
    vsnprintf(e->where + used, sizeof e->where - used, fmt, args);
    va_end(args);
    return -1;
}

int err_hint(struct err *e, const char *fmt, ...)
{
    va_list args;

    if (e->hint[0] != '\0')
        return -1;
    va_start(args, fmt);
    vsnprintf(e->hint, sizeof e->hint, fmt, args);
    va_end(args);
    return -1;
}

/* Names of files, apps and sections end up in messages. */
static void print_safe(const char *text, FILE *to)
{
    text_put(to, text, strlen(text), 0);
}

static void print_line(const char *lead, const char *text, FILE *to)
{
    if (text[0] == '\0')
        return;
    fputs(lead, to);
    print_safe(text, to);
    putc('\n', to);
}

void err_print(const struct err *e, FILE *to, bool colour)
{
    fputs(colour ? "\033[1;31merror:\033[0m " : "error: ", to);
    print_safe(e->text, to);
    putc('\n', to);
    print_line("  while ", e->where, to);
    print_line("  hint: ", e->hint, to);
}
