/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tock/printf.h"

#include "tock/console.h"

#include <stdarg.h>
#include <stdbool.h>

#define WIDTH_MAX  32u
#define DIGITS_MAX 10u /* of a 32-bit number in base 10 */

/* Output on its way to the console. */
struct line {
    char text[64];
    uint32_t len;
};

/* How a number is to look. */
struct look {
    uint32_t base;
    uint32_t width;
    char pad;
    bool negative;
};

static void flush(struct line *line)
{
    (void)console_write(line->text, line->len);
    line->len = 0;
}

static void put(struct line *line, char c)
{
    if (line->len == sizeof line->text)
        flush(line);
    line->text[line->len++] = c;
}

static void put_text(struct line *line, const char *text)
{
    while (*text != '\0')
        put(line, *text++);
}

/* Digits come out last first, so they are collected before they are put. */
static void put_number(struct line *line, uint32_t value, struct look look)
{
    char digits[DIGITS_MAX];
    uint32_t count = 0;

    do {
        digits[count++] = "0123456789abcdef"[value % look.base];
        value /= look.base;
    } while (value != 0);
    if (look.negative && look.pad == '0')
        put(line, '-');
    for (uint32_t n = count + look.negative; n < look.width; n++)
        put(line, look.pad);
    if (look.negative && look.pad != '0')
        put(line, '-');
    while (count != 0)
        put(line, digits[--count]);
}

static void put_signed(struct line *line, int32_t value, struct look look)
{
    look.negative = value < 0;
    put_number(line, look.negative ? 0 - (uint32_t)value : (uint32_t)value,
               look);
}

/* Reads `0` and width of a conversion; returns what follows them. */
static const char *parse_look(const char *format, struct look *look)
{
    *look = (struct look){.base = 10, .pad = *format == '0' ? '0' : ' '};
    for (; *format >= '0' && *format <= '9'; format++)
        look->width = look->width * 10 + (uint32_t)(*format - '0');
    if (look->width > WIDTH_MAX)
        look->width = WIDTH_MAX;
    return format;
}

/* int and long are of one size on both processors, hence `l` is skipped. */
void printf(const char *format, ...)
{
    struct line line = {.len = 0};
    struct look look;
    va_list args;

    va_start(args, format);
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            put(&line, *format);
            continue;
        }
        format = parse_look(format + 1, &look);
        while (*format == 'l')
            format++;
        switch (*format) {
        case 'd':
            put_signed(&line, va_arg(args, int32_t), look);
            break;
        case 'p':
            put_text(&line, "0x");
            look = (struct look){.base = 16, .width = 8, .pad = '0'};
            put_number(&line, (uint32_t)(uintptr_t)va_arg(args, void *), look);
            break;
        case 'x':
            look.base = 16;
            put_number(&line, va_arg(args, uint32_t), look);
            break;
        case 'u':
            put_number(&line, va_arg(args, uint32_t), look);
            break;
        case 'c':
            put(&line, (char)va_arg(args, int));
            break;
        case 's':
            put_text(&line, va_arg(args, const char *));
            break;
        case '\0':
            format--;
            break;
        default:
            put(&line, *format);
        }
    }
    va_end(args);
    flush(&line);
}
