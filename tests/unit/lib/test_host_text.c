/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/text.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static char *put(const char *text, size_t width)
{
    char *out = NULL;
    size_t len;
    FILE *to = open_memstream(&out, &len);

    text_put(to, text, strlen(text), width);
    fclose(to);
    return out;
}

static void expect_put(const char *text, size_t width, const char *expected)
{
    char *out = put(text, width);

    cr_expect(eq(str, out, (char *)(uintptr_t)expected));
    free(out);
}

Test(text, is_filled_up_to_its_width)
{
    expect_put("abc", 0, "abc");
    expect_put("abc", 5, "abc  ");
    expect_put("abcdef", 5, "abcdef");
}

Test(text, a_letter_of_several_bytes_is_one_column)
{
    expect_put("\xc3\xa4\xe2\x82\xac", 4, "\xc3\xa4\xe2\x82\xac  ");
    cr_expect(eq(sz, text_columns("\xc3\xa4\xe2\x82\xac", 5), 2));
}

Test(text, control_characters_are_spelled_out)
{
    expect_put("a\033[2J\n", 0, "a\\x1b[2J\\x0a");
    expect_put("\xc2\x9b"
               "1m\x7f",
               0, "\\x9b1m\\x7f");
    expect_put("\n", 6, "\\x0a  ");
}

Test(text, what_is_no_utf8_is_spelled_out)
{
    expect_put("a\xf3"
               "b",
               0, "a\\xf3b");
    expect_put("\xe2\x82", 0, "\\xe2\\x82");
    expect_put("\xc2", 5, "\\xc2 ");
    expect_put("\xc0\x80\xed\xa0\x80", 0, "\\xc0\\x80\\xed\\xa0\\x80");
    expect_put("\x9b\xc3\xa4", 6, "\\x9b\xc3\xa4 ");
}
