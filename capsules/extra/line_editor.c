/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "line_editor.h"

enum {
    CTRL_A = 0x01,
    CTRL_C = 0x03,
    CTRL_E = 0x05,
    BACKSPACE = 0x08,
    TAB = 0x09,
    LF = 0x0a,
    CR = 0x0d,
    CTRL_U = 0x15,
    ESCAPE = 0x1b,
    DELETE = 0x7f,
};

/* How far into an escape sequence. */
enum {
    ESCAPE_NONE,
    ESCAPE_BEGUN, /* ESC                                       */
    ESCAPE_LONG,  /* ESC [, then anything up to a letter or ~  */
    ESCAPE_SHORT, /* ESC O, then one letter                    */
};

static bool is_same(const struct line *a, const struct line *b)
{
    return a->len == b->len && line_starts_with(a, b);
}

/* --- editing -------------------------------------------------------------- */

void line_editor_insert(struct line_editor *self, uint8_t byte)
{
    struct line *line = &self->now;

    if (line->len >= LINE_EDITOR_MAX)
        return;
    for (uint32_t i = line->len; i > self->cursor; i--)
        line->bytes[i] = line->bytes[i - 1];
    line->bytes[self->cursor] = byte;
    line->len++;
    self->cursor++;
}

static void delete_at_cursor(struct line_editor *self)
{
    struct line *line = &self->now;

    if (self->cursor >= line->len)
        return;
    line->len--;
    for (uint32_t i = self->cursor; i < line->len; i++)
        line->bytes[i] = line->bytes[i + 1];
}

static void move_left(struct line_editor *self)
{
    if (self->cursor > 0)
        self->cursor--;
}

static void move_right(struct line_editor *self)
{
    if (self->cursor < self->now.len)
        self->cursor++;
}

static void delete_left(struct line_editor *self)
{
    if (self->cursor == 0)
        return;
    move_left(self);
    delete_at_cursor(self);
}

static void empty_line(struct line_editor *self)
{
    self->now.len = 0;
    self->cursor = 0;
}

/* Changes made to a line of the history are not kept in it. */
static void recall(struct line_editor *self, uint32_t which)
{
    if (which > self->history_count)
        return;
    if (self->recalled == 0)
        self->history[0] = self->now;
    self->recalled = (uint8_t)which;
    self->now = self->history[which];
    self->cursor = self->now.len;
}

static void recall_older(struct line_editor *self)
{
    recall(self, self->recalled + 1u);
}

static void recall_newer(struct line_editor *self)
{
    if (self->recalled != 0)
        recall(self, self->recalled - 1u);
}

/* --- keys ----------------------------------------------------------------- */

/* Home, Delete and End of terminals that number them. */
static void press_numbered(struct line_editor *self, uint32_t number)
{
    switch (number) {
    case 1:
    case 7:
        self->cursor = 0;
        break;
    case 3:
        delete_at_cursor(self);
        break;
    case 4:
    case 8:
        self->cursor = self->now.len;
        break;
    default:
        break;
    }
}

static void press_named(struct line_editor *self, uint8_t name)
{
    switch (name) {
    case 'A':
        recall_older(self);
        break;
    case 'B':
        recall_newer(self);
        break;
    case 'C':
        move_right(self);
        break;
    case 'D':
        move_left(self);
        break;
    case 'F':
        self->cursor = self->now.len;
        break;
    case 'H':
        self->cursor = 0;
        break;
    case '~':
        press_numbered(self, self->parameter);
        break;
    default:
        break;
    }
}

/* Only the first number of a sequence matters; 255 and more mean nothing. */
static void take_parameter(struct line_editor *self, uint8_t byte)
{
    bool is_digit = byte >= '0' && byte <= '9';

    if (!is_digit)
        self->has_parameter = true;
    if (self->has_parameter)
        return;

    uint32_t value = 10u * self->parameter + (uint32_t)(byte - '0');

    self->parameter = (uint8_t)(value < 255 ? value : 255);
}

static bool ends_sequence(uint8_t byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           byte == '~';
}

static void take_escaped(struct line_editor *self, uint8_t byte)
{
    uint8_t where = self->escape;

    self->escape = ESCAPE_NONE;
    if (where == ESCAPE_BEGUN && byte == '[') {
        self->escape = ESCAPE_LONG;
        self->parameter = 0;
        self->has_parameter = false;
    } else if (where == ESCAPE_BEGUN && byte == 'O') {
        self->escape = ESCAPE_SHORT;
    } else if (where == ESCAPE_LONG && !ends_sequence(byte)) {
        self->escape = ESCAPE_LONG;
        take_parameter(self, byte);
    } else if (where != ESCAPE_BEGUN) {
        press_named(self, byte);
    }
}

static enum line_event end_line(struct line_editor *self, uint8_t byte)
{
    bool is_second = byte == LF && self->was_cr;

    self->was_cr = byte == CR;
    if (is_second)
        return LINE_EDITED;
    self->cursor = self->now.len;
    return LINE_ENTERED;
}

static enum line_event take_control(struct line_editor *self, uint8_t byte)
{
    switch (byte) {
    case CR:
    case LF:
        return end_line(self, byte);
    case TAB:
        return LINE_TAB;
    case ESCAPE:
        self->escape = ESCAPE_BEGUN;
        break;
    case BACKSPACE:
    case DELETE:
        delete_left(self);
        break;
    case CTRL_A:
        self->cursor = 0;
        break;
    case CTRL_E:
        self->cursor = self->now.len;
        break;
    case CTRL_C:
    case CTRL_U:
        empty_line(self);
        break;
    default:
        break;
    }
    return LINE_EDITED;
}

/* A control character ends a sequence: no noise can swallow the rest. */
enum line_event line_editor_take(struct line_editor *self, uint8_t byte)
{
    bool is_control = byte < ' ' || byte == DELETE;

    if (byte >= 0x80)
        return LINE_EDITED;
    if (byte != LF && byte != CR)
        self->was_cr = false;
    if (is_control) {
        self->escape = ESCAPE_NONE;
        return take_control(self, byte);
    }
    if (self->escape != ESCAPE_NONE)
        take_escaped(self, byte);
    else
        line_editor_insert(self, byte);
    return LINE_EDITED;
}

/* --- lines ---------------------------------------------------------------- */

static bool is_blank(const struct line *line, uint32_t at)
{
    return line->bytes[at] == ' ';
}

struct span line_editor_text(struct line_editor *self)
{
    struct line *line = &self->now;
    uint32_t start = 0;
    uint32_t end = line->len;

    while (start < end && is_blank(line, start))
        start++;
    while (end > start && is_blank(line, end - 1))
        end--;
    return span_part(line_bytes(line), start, end - start);
}

struct span line_editor_before_cursor(struct line_editor *self)
{
    return span_part(line_bytes(&self->now), 0, self->cursor);
}

static void remember(struct line_editor *self)
{
    bool is_repeated =
        self->history_count != 0 && is_same(&self->history[1], &self->now);

    if (line_editor_text(self).len == 0 || is_repeated)
        return;
    for (uint32_t i = LINE_EDITOR_HISTORY - 1; i > 1; i--)
        self->history[i] = self->history[i - 1];
    self->history[1] = self->now;
    if (self->history_count < LINE_EDITOR_HISTORY - 1)
        self->history_count++;
}

void line_editor_next(struct line_editor *self)
{
    remember(self);
    self->recalled = 0;
    empty_line(self);
    line_editor_forget_shown(self);
}

void line_editor_init(struct line_editor *self)
{
    *self = (struct line_editor){0};
}

/* --- the terminal --------------------------------------------------------- */

void line_editor_forget_shown(struct line_editor *self)
{
    self->shown.len = 0;
    self->shown_cursor = 0;
}

bool line_editor_is_dirty(const struct line_editor *self)
{
    return self->cursor != self->shown_cursor ||
           !is_same(&self->now, &self->shown);
}

static void put_many(struct print_sink *to, char c, uint32_t count)
{
    for (; count != 0; count--)
        to->put(to, c);
}

static void put_part(struct print_sink *to, const struct line *line,
                     uint32_t from, uint32_t end)
{
    for (uint32_t i = from; i < end; i++)
        to->put(to, (char)line->bytes[i]);
}

/* Cursor moves: to the left by backspaces, to the right by what stands there.
 */
static void put_move(struct print_sink *to, const struct line *line,
                     uint32_t from, uint32_t end)
{
    if (end < from)
        put_many(to, BACKSPACE, from - end);
    else
        put_part(to, line, from, end);
}

static uint32_t first_difference(const struct line *a, const struct line *b)
{
    uint32_t len = a->len < b->len ? a->len : b->len;
    uint32_t at = 0;

    while (at < len && a->bytes[at] == b->bytes[at])
        at++;
    return at;
}

void line_editor_draw(struct line_editor *self, struct print_sink *to)
{
    const struct line *now = &self->now;
    uint32_t at = self->shown_cursor;

    if (!is_same(now, &self->shown)) {
        uint32_t first = first_difference(now, &self->shown);
        uint32_t rest = 0;

        if (self->shown.len > now->len)
            rest = (uint32_t)self->shown.len - now->len;

        put_move(to, now, at, first);
        put_part(to, now, first, now->len);
        put_many(to, ' ', rest);
        put_many(to, BACKSPACE, rest);
        at = now->len;
    }
    put_move(to, now, at, self->cursor);
    self->shown = *now;
    self->shown_cursor = self->cursor;
}
