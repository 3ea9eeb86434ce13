/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "text.h"

#include "boards.h"

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

Test(boards, both_are_known_and_no_other_name_is)
{
    const struct board *board = board_find("qemu_rv32_virt");

    cr_assert(ne(ptr, (void *)(uintptr_t)board, NULL));
    cr_expect(eq(u32, board->apps.start, 0x80100000));
    cr_expect(ne(ptr, (void *)(uintptr_t)board_find("mps2_an386"), NULL));
    cr_expect(eq(ptr, (void *)(uintptr_t)board_find("mps2"), NULL));
    cr_expect(eq(ptr, (void *)(uintptr_t)board_find(""), NULL));
}

/* What the plans rely on. */
Test(boards, areas_are_whole_pages_inside_the_flash)
{
    for (unsigned i = 0; i < boards_known_count; i++) {
        const struct board *b = &boards_known[i];
        const struct board_area *areas[] = {&b->kernel, &b->storage, &b->apps};

        for (int a = 0; a < 3; a++) {
            cr_expect(zero(u32, areas[a]->start % b->page_size));
            cr_expect(zero(u32, areas[a]->size % b->page_size));
            cr_expect(ge(u32, areas[a]->start, b->flash.start));
            cr_expect(le(u64, (uint64_t)areas[a]->start + areas[a]->size,
                         (uint64_t)b->flash.start + b->flash.size));
        }
    }
}
