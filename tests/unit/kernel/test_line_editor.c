/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "extra/line_editor.h"

#include "terminal.h"

#include "capsule/self.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

TestSuite(line_editor, .timeout = 20);

static struct line_editor editor;
static struct terminal terminal;
static uint32_t drawn;

static void put(struct print_sink *sink, char c)
{
    (void)sink;
    terminal_put(&terminal, c);
    drawn++;
}

/* Brings the terminal up to date; it must then show the line. */
static void draw(void)
{
    struct print_sink sink = {put};

    drawn = 0;
    line_editor_draw(&editor, &sink);
    cr_assert(le(u32, drawn, LINE_EDITOR_DRAWN));
    cr_assert(not(line_editor_is_dirty(&editor)));
    cr_assert(terminal_shows(&terminal, (const char *)editor.now.bytes,
                             editor.now.len, editor.cursor),
              "terminal: %s", terminal.line);
}

static void begin(void)
{
    line_editor_init(&editor);
    memset(&terminal, 0, sizeof(terminal));
    terminal_clear(&terminal);
}

/* Types the text and looks at the terminal after each key; a line that ends
 * goes into the history. Returns the events other than "edited". */
static uint32_t type(const char *text)
{
    uint32_t events = 0;

    for (; *text != '\0'; text++) {
        enum line_event event = line_editor_take(&editor, (uint8_t)*text);

        draw();
        events += event != LINE_EDITED;
        if (event != LINE_ENTERED)
            continue;
        line_editor_next(&editor);
        terminal_put(&terminal, '\r');
        terminal_put(&terminal, '\n');
    }
    return events;
}

static void expect_line(const char *text, uint32_t cursor)
{
    cr_expect(terminal_shows(&terminal, text, (uint32_t)strlen(text), cursor),
              "wanted %s, got %s", text, terminal.line);
}

Test(line_editor, characters_are_inserted_at_the_cursor)
{
    begin();
    type("ac\033[Db");
    expect_line("abc", 2);
    type("\033[C\033[C\033[Cd");
    expect_line("abcd", 4);
}

Test(line_editor, home_and_end_of_every_kind_of_terminal)
{
    static const char *const homes[] = {"\033[H", "\033[1~", "\033[7~",
                                        "\033OH", "\001"};
    static const char *const ends[] = {"\033[F", "\033[4~", "\033[8~", "\033OF",
                                       "\005"};

    for (int i = 0; i < 5; i++) {
        begin();
        type("word");
        type(homes[i]);
        expect_line("word", 0);
        type(ends[i]);
        expect_line("word", 4);
    }
}

Test(line_editor, backspace_and_delete_take_what_is_beside_the_cursor)
{
    begin();
    type("abcd\033[D\b");
    expect_line("abd", 2);
    type("\177");
    expect_line("ad", 1);
    type("\033[3~");
    expect_line("a", 1);
    type("\033[3~\b\b\b");
    expect_line("", 0);
}

Test(line_editor, a_line_can_be_given_up)
{
    begin();
    type("abc\003");
    expect_line("", 0);
    type("abc\033[D\025x");
    expect_line("x", 1);
}

Test(line_editor, sequences_without_a_meaning_are_swallowed_whole)
{
    begin();
    type("a\033[5~b\033[1;5Ac\033[15~d\033xe\033OPf\033[200;300qg\033[Ih");
    expect_line("abcdefgh", 8);
}

Test(line_editor, the_first_number_of_a_sequence_says_what_it_is)
{
    begin();
    type("abc\033[H\033[3;5~");
    expect_line("bc", 0);
    type("\033[33~\033[259~\033[03~");
    expect_line("c", 0);
}

Test(line_editor, a_control_character_ends_a_sequence)
{
    begin();
    cr_expect(eq(u32, type("ab\033[\r"), 1));
    cr_expect(eq(u32, type("ab\033\r"), 1));
    cr_expect(eq(u32, type("ab\033[12\033[D!"), 0));
    expect_line("a!b", 2);
}

Test(line_editor, bytes_that_are_no_characters_are_ignored)
{
    begin();
    for (int i = 0; i < 256; i++) {
        bool is_key = i == 0x01 || i == 0x03 || i == 0x05 || i == '\b' ||
                      i == '\t' || i == '\n' || i == '\r' || i == 0x15 ||
                      i == 0x1b || i == 0x7f;

        if (is_key || (i >= ' ' && i < 0x7f))
            continue;
        cr_expect(eq(int, line_editor_take(&editor, (uint8_t)i), LINE_EDITED));
        cr_expect(eq(u8, editor.now.len, 0));
    }
}

Test(line_editor, what_does_not_fit_is_dropped_and_the_line_still_edited)
{
    char full[LINE_EDITOR_MAX + 1] = {0};

    begin();
    for (int i = 0; i < 200; i++)
        type("x");
    memset(full, 'x', LINE_EDITOR_MAX);
    expect_line(full, LINE_EDITOR_MAX);
    type("\033[Hy");
    expect_line(full, 0);
    type("\033[3~y");
    full[0] = 'y';
    expect_line(full, 1);
}

Test(line_editor, cr_lf_and_both_end_one_line_each)
{
    begin();
    cr_expect(eq(u32, type("a\r\nb\rc\n"), 3));
    cr_expect(eq(u32, type("\r\r\n\n"), 3));
    expect_line("", 0);
}

Test(line_editor, blanks_around_the_text_do_not_count)
{
    struct span text;

    begin();
    type("  list it \033[D");
    text = line_editor_text(&editor);
    cr_expect(eq(u32, text.len, 7));
    cr_expect(eq(int, memcmp(text.ptr, "list it", 7), 0));
    cr_expect(eq(u32, line_editor_before_cursor(&editor).len, 9));
    begin();
    type("   ");
    cr_expect(eq(u32, line_editor_text(&editor).len, 0));
}

Test(line_editor, lines_come_back_newest_first_and_the_edited_one_last)
{
    begin();
    type("one\rtwo\rdraft");
    type("\033[A");
    expect_line("two", 3);
    type("\033[A\033[A\033[A");
    expect_line("one", 3);
    type("\033[B");
    expect_line("two", 3);
    type("\033[B");
    expect_line("draft", 5);
    type("\033[B");
    expect_line("draft", 5);
}

Test(line_editor, nine_lines_are_kept_besides_the_edited_one)
{
    begin();
    for (char c = 'a'; c <= 'z'; c++)
        type((char[]){c, '\r', '\0'});
    for (char c = 'z'; c >= 'r'; c--) {
        type("\033[A");
        expect_line((char[]){c, '\0'}, 1);
    }
    type("\033[A");
    expect_line("r", 1);
}

Test(line_editor, repeated_and_empty_lines_are_kept_once_and_not_at_all)
{
    begin();
    type("one\rtwo\rtwo\r\r  \rtwo\r\033[A\033[A");
    expect_line("one", 3);
}

Test(line_editor, changes_to_a_line_of_the_history_are_not_kept_in_it)
{
    begin();
    type("one\rtwo\r\033[Ax\033[A\033[B");
    expect_line("two", 3);
    type("!\r\033[A");
    expect_line("two!", 4);
    type("\033[A");
    expect_line("two", 3);
}

Test(line_editor, the_terminal_is_right_after_any_number_of_keys)
{
    unsigned seed = 20261130;

    printf("# seed %u\n", seed);
    srand(seed);
    begin();
    for (int i = 0; i < 200000; i++) {
        static const char *const keys[] = {
            "a",      "b",      " ",      "\b",      "\033[D",
            "\033[C", "\033[H", "\033[F", "\033[3~", "\033[A",
            "\033[B", "\003",   "\t"};
        const char *key = keys[rand() % (rand() % 8 == 0 ? 13 : 6)];

        for (; *key != '\0'; key++)
            line_editor_take(&editor, (uint8_t)*key);
        if (rand() % 3 == 0)
            draw();
        if (rand() % 50 == 0) {
            draw();
            line_editor_next(&editor);
            terminal_put(&terminal, '\n');
        }
    }
}
