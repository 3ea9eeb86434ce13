/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/print.h"

#include "capsule/self.h"

/* How one conversion is to look. */
struct look {
    bool is_left;
    bool is_short; /* # */
    uint32_t width;
    uint32_t limit; /* of a text's length */
};

static void put_blanks(struct print_sink *sink, uint32_t count)
{
    for (; count != 0; count--)
        sink->put(sink, ' ');
}

/* Terminals also obey U+0080 to U+009F, each a byte of 0xc2 and another one:
 * U+009B begins an escape sequence. */
static bool is_high_control(const uint8_t *pair)
{
    return pair[0] == 0xc2 && pair[1] >= 0x80 && pair[1] < 0xa0;
}

static bool is_control(const uint8_t *text, uint32_t len, uint32_t at)
{
    return text[at] < ' ' || text[at] == 0x7f ||
           (at + 1 < len && is_high_control(&text[at])) ||
           (at > 0 && is_high_control(&text[at - 1]));
}

static void put_plain(struct print_sink *sink, const char *text, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++)
        sink->put(sink,
                  is_control((const uint8_t *)text, len, i) ? '?' : text[i]);
}

static void put_padded(struct print_sink *sink, const struct look *look,
                       const char *text, uint32_t len)
{
    uint32_t blanks = len < look->width ? look->width - len : 0;

    if (!look->is_left)
        put_blanks(sink, blanks);
    put_plain(sink, text, len);
    if (look->is_left)
        put_blanks(sink, blanks);
}

static void put_text(struct print_sink *sink, const struct look *look,
                     const char *text)
{
    uint32_t len = 0;

    while (len < look->limit && text[len] != '\0')
        len++;
    put_padded(sink, look, text, len);
}

static void put_decimal(struct print_sink *sink, const struct look *look,
                        unsigned value)
{
    char digits[10]; /* 4294967295 */
    uint32_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    put_padded(sink, look, &digits[at], (uint32_t)sizeof(digits) - at);
}

static void put_hex(struct print_sink *sink, const struct look *look,
                    unsigned value)
{
    const char *digit =
        look->is_short ? "0123456789abcdef" : "0123456789ABCDEF";
    uint32_t count = 8;
    char text[10] = "0x";

    while (look->is_short && count > 1 && value >> (4 * count - 4) == 0)
        count--;
    for (uint32_t i = 0; i < count; i++)
        text[2 + i] = digit[value >> (4 * (count - 1 - i)) & 0xfu];
    put_padded(sink, look, text, 2 + count);
}

/* Flags, width and length in front of a conversion's letter. */
static const char *read_look(const char *fmt, struct look *look, va_list *args)
{
    *look = (struct look){.limit = UINT32_MAX};
    for (; *fmt == '-' || *fmt == '#'; fmt++) {
        look->is_left |= *fmt == '-';
        look->is_short |= *fmt == '#';
    }
    for (; *fmt >= '0' && *fmt <= '9'; fmt++)
        look->width = 10 * look->width + (uint32_t)(*fmt - '0');
    if (fmt[0] == '.' && fmt[1] == '*') {
        look->limit = (uint32_t)va_arg(*args, int);
        fmt += 2;
    }
    return fmt;
}

static const char *put_conversion(struct print_sink *sink, const char *fmt,
                                  va_list *args)
{
    struct look look;

    fmt = read_look(fmt, &look, args);
    switch (*fmt) {
    case 's':
        put_text(sink, &look, va_arg(*args, const char *));
        break;
    case 'u':
        put_decimal(sink, &look, va_arg(*args, unsigned));
        break;
    case 'x':
        put_hex(sink, &look, va_arg(*args, unsigned));
        break;
    case 'c':
        sink->put(sink, (char)va_arg(*args, int));
        break;
    default: /* %% */
        sink->put(sink, *fmt);
        break;
    }
    return fmt + 1;
}

void print_args(struct print_sink *sink, const char *fmt, va_list *args)
{
    while (*fmt != '\0') {
        if (*fmt == '%')
            fmt = put_conversion(sink, fmt + 1, args);
        else
            sink->put(sink, *fmt++);
    }
}

void print_text(struct print_sink *sink, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    print_args(sink, fmt, &args);
    va_end(args);
}

void print_raw(struct print_sink *sink, const char *text)
{
    while (*text != '\0')
        sink->put(sink, *text++);
}

void print_name(struct print_sink *sink, struct span name, uint32_t width)
{
    const struct look look = {.is_left = true, .width = width};

    put_padded(sink, &look, (const char *)name.ptr, name.len);
}

static void keep(struct print_sink *sink, char c)
{
    struct print_window *self = CAPSULE_SELF(struct print_window, sink, sink);

    if (self->total >= self->skip)
        span_set(self->to, self->total - self->skip, (uint8_t)c);
    self->total++;
}

void print_window_init(struct print_window *self, struct span to, uint32_t skip)
{
    *self = (struct print_window){.sink = {keep}, .to = to, .skip = skip};
}

uint32_t print_window_used(const struct print_window *self)
{
    uint32_t put = self->total > self->skip ? self->total - self->skip : 0;

    return put < self->to.len ? put : self->to.len;
}

bool print_window_is_cut(const struct print_window *self)
{
    return self->total > self->skip && self->total - self->skip > self->to.len;
}
