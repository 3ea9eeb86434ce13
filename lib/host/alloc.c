/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_die(void *memory)
{
    if (memory == NULL) {
        fputs("error: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

void *alloc_zeroed(size_t count, size_t size)
{
    return or_die(calloc(count != 0 ? count : 1, size));
}

void *alloc_resize(void *old, size_t count, size_t size)
{
    return or_die(reallocarray(old, count != 0 ? count : 1, size));
}

char *alloc_string(const char *text, size_t len)
{
    char *copy = alloc_zeroed(len + 1, 1);

    if (len != 0)
        memcpy(copy, text, len);
    return copy;
}

char *alloc_format(const char *fmt, ...)
{
    char *text = NULL;
    va_list args;

    va_start(args, fmt);
    int len = vasprintf(&text, fmt, args);
    va_end(args);
    return or_die(len < 0 ? NULL : text);
}
