/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* The line editor under any bytes, with the terminal brought up to date now
 * and then: it must show the line and nothing else. */

#include "extra/line_editor.h"
#include "tests/unit/kernel/terminal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct terminal terminal;
static uint32_t drawn;

static void put(struct print_sink *sink, char c)
{
    (void)sink;
    terminal_put(&terminal, c);
    drawn++;
}

static void draw(struct line_editor *editor)
{
    struct print_sink sink = {put};

    drawn = 0;
    line_editor_draw(editor, &sink);
    if (drawn > LINE_EDITOR_DRAWN || line_editor_is_dirty(editor) ||
        !terminal_shows(&terminal, (const char *)editor->now.bytes,
                        editor->now.len, editor->cursor))
        abort();
}

static void check(const struct line_editor *editor)
{
    if (editor->now.len > LINE_EDITOR_MAX || editor->cursor > editor->now.len ||
        editor->history_count >= LINE_EDITOR_HISTORY ||
        editor->recalled > editor->history_count)
        abort();
    for (uint32_t i = 0; i < editor->now.len; i++) {
        if (editor->now.bytes[i] < ' ' || editor->now.bytes[i] > '~')
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct line_editor editor;

    line_editor_init(&editor);
    memset(&terminal, 0, sizeof(terminal));
    terminal_clear(&terminal);
    for (size_t i = 0; i < len; i++) {
        enum line_event event = line_editor_take(&editor, data[i]);

        check(&editor);
        if (event == LINE_ENTERED) {
            draw(&editor);
            line_editor_next(&editor);
            terminal_put(&terminal, '\n');
        } else if (event == LINE_TAB || data[i] == 0) {
            draw(&editor);
        }
    }
    draw(&editor);
    return 0;
}
