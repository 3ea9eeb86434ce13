/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "picture.h"

#define RULE   "\342\224\200" /* U+2500 */
#define DOUBLE "\342\225\220" /* U+2550 */
#define BAR    "\342\224\202" /* U+2502 */

enum {
    FRAME_LINES = 3,
    BAR_COLUMN = 13,    /* where the bar is that the rules cross   */
    USED_COLUMNS = 21,  /* columns of the bar, a name and its size  */
    SHARE_COLUMNS = 30, /* and of the limit                         */
};

static void put_repeated(struct print_sink *to, const char *text,
                         uint32_t count)
{
    for (; count != 0; count--)
        print_text(to, "%s", text);
}

static void put_address(struct print_sink *to, uint32_t value)
{
    if (value == PICTURE_UNKNOWN)
        print_text(to, "??????????");
    else
        print_text(to, "%x", (unsigned)value);
}

static void put_size(struct print_sink *to, uint32_t value)
{
    if (value == PICTURE_UNKNOWN)
        print_text(to, "%6s", "?");
    else
        print_text(to, "%6u", (unsigned)value);
}

static void put_frame(const struct picture *picture, uint32_t top,
                      uint32_t line, struct print_sink *to)
{
    uint32_t left = BAR_COLUMN - 2;
    uint32_t right = picture->rule - 1;

    switch (line) {
    case 0: /* corner, T, corner */
        print_text(to, " \342\225\224");
        put_repeated(to, DOUBLE, left);
        print_text(to, "\342\225\244");
        put_repeated(to, DOUBLE, right);
        print_text(to, "\342\225\227\r\n");
        break;
    case 1:
        print_text(to, " \342\225\221  Address  " BAR " %s\342\225\221\r\n",
                   picture->title);
        break;
    default:
        print_text(to, " \342\225\232");
        put_address(to, top);
        print_text(to, DOUBLE "\342\225\252");
        put_repeated(to, DOUBLE, right);
        print_text(to, "\342\225\235\r\n");
        break;
    }
}

static void put_edge(const struct picture *picture, uint32_t address,
                     const struct picture_row *row, struct print_sink *to)
{
    print_text(to, "  ");
    put_address(to, address);
    print_text(to, " %s", row->text);
    put_repeated(to, RULE, picture->rule);
    if (row->margin != '\0')
        print_text(to, " %c", row->margin);
}

/* Text of a width from the bar on; the margin's letter stands where that of a
 * rule does. */
static void put_margin(const struct picture *picture, uint32_t width,
                       const struct picture_row *row, struct print_sink *to)
{
    if (row->margin == '\0')
        return;
    put_repeated(to, " ", picture->rule + 2 - width);
    print_text(to, "%c", row->margin);
}

/* The names' arrows are one column of three bytes. */
static void put_name(const struct picture_row *row, struct print_sink *to)
{
    bool is_arrow = (uint8_t)row->text[0] >= 0x80;

    put_repeated(to, " ", BAR_COLUMN);
    print_text(to, is_arrow ? BAR " %-15s" : BAR " %-13s", row->text);
}

static void put_row(const struct picture *picture, const uint32_t *values,
                    const struct picture_row *row, struct print_sink *to)
{
    uint32_t value = values[row->value];
    uint32_t limit = values[row->limit];

    switch ((enum picture_row_kind)row->kind) {
    case PICTURE_EDGE:
        put_edge(picture, value, row, to);
        break;
    case PICTURE_SIZE:
        put_name(row, to);
        put_size(to, value);
        put_margin(picture, USED_COLUMNS, row, to);
        break;
    case PICTURE_SHARE:
        put_name(row, to);
        put_size(to, value);
        print_text(to, " | ");
        put_size(to, limit);
        if (value > limit && value != PICTURE_UNKNOWN) {
            print_text(to, " EXCEEDED!");
            put_margin(picture, SHARE_COLUMNS + 10, row, to);
        } else {
            put_margin(picture, SHARE_COLUMNS, row, to);
        }
        break;
    case PICTURE_NAME:
        print_text(to, "%13s" BAR " %s", "", row->text);
        break;
    case PICTURE_GAP:
        print_text(to, "%13s.....", "");
        break;
    }
    print_text(to, "\r\n");
}

bool picture_line(const struct picture *picture, const uint32_t *values,
                  uint32_t line, struct print_sink *to)
{
    if (line < FRAME_LINES) {
        put_frame(picture, values[0], line, to);
        return true;
    }
    line -= FRAME_LINES;
    if (line >= picture->row_count)
        return false;
    put_row(picture, values, &picture->rows[line], to);
    return true;
}
