/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/text.h"

#include "host/utf8.h"

#include <stdbool.h>

enum { ESCAPED_COLUMNS = 4 };

/* Bytes of the character at the start of text that can be shown as it is; 0
 * if there is none. U+0080 to U+009f are control characters too. */
static size_t shown(const char *text, size_t len)
{
    unsigned char c = (unsigned char)text[0];
    size_t size = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

    if (c < 0x20 || c == 0x7f || size > len || !utf8_is_valid(text, size) ||
        (c == 0xc2 && (unsigned char)text[1] < 0xa0))
        return 0;
    return size;
}

/* Bytes that become one escape: a control character of two, else one. */
static size_t escaped(const char *text, size_t len)
{
    return len > 1 && utf8_is_valid(text, 2) && (unsigned char)text[0] == 0xc2
               ? 2
               : 1;
}

size_t text_columns(const char *text, size_t len)
{
    size_t columns = 0;

    for (size_t i = 0; i < len;) {
        size_t size = shown(text + i, len - i);

        columns += size != 0 ? 1 : ESCAPED_COLUMNS;
        i += size != 0 ? size : escaped(text + i, len - i);
    }
    return columns;
}

/* Bytes at the start of text that can all be shown as they are. */
static size_t shown_run(const char *text, size_t len)
{
    size_t run = 0;
    size_t size;

    while (run < len && (size = shown(text + run, len - run)) != 0)
        run += size;
    return run;
}

/* In runs: standard error has no buffer, each piece is a system call. */
void text_put(FILE *to, const char *text, size_t len, size_t width)
{
    size_t columns = text_columns(text, len);

    for (size_t i = 0; i < len;) {
        size_t run = shown_run(text + i, len - i);

        fwrite(text + i, 1, run, to);
        i += run;
        if (i < len) {
            i += escaped(text + i, len - i);
            fprintf(to, "\\x%02x", (unsigned char)text[i - 1]);
        }
    }
    for (; columns < width; columns++)
        putc(' ', to);
}
