/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/text.h"

#include <stdbool.h>

enum { ESCAPED_COLUMNS = 4 };

/* U+0080 to U+009f are control characters too: c2 80 to c2 9f. */
static bool is_control(const char *text, size_t len, size_t at)
{
    unsigned char c = (unsigned char)text[at];
    unsigned char next = at + 1 < len ? (unsigned char)text[at + 1] : 0xff;

    return c < 0x20 || c == 0x7f || (c == 0xc2 && next < 0xa0);
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

size_t text_columns(const char *text, size_t len)
{
    size_t columns = 0;

    for (size_t i = 0; i < len; i++) {
        if (is_control(text, len, i))
            columns += ESCAPED_COLUMNS;
        else if (!is_continuation(text[i]))
            columns++;
    }
    return columns;
}

void text_put(FILE *to, const char *text, size_t len, size_t width)
{
    size_t columns = text_columns(text, len);

    for (size_t i = 0; i < len; i++) {
        if (!is_control(text, len, i)) {
            putc(text[i], to);
            continue;
        }
        if ((unsigned char)text[i] == 0xc2)
            i++;
        fprintf(to, "\\x%02x", (unsigned char)text[i]);
    }
    for (; columns < width; columns++)
        putc(' ', to);
}
