/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "kernel/debug.h"

#include "capsule/self.h"
#include "debug_text.h"
#include "state.h"

#include <stdarg.h>

/*
 * One piece of text on its way to the ring, or to panic_put. In the ring its
 * bytes are written behind the used part and become valid all at once in
 * finish, so that a line that does not fit leaves no trace.
 */
struct piece {
    uint32_t added;
    bool is_cut;
    char direct[33]; /* panics: bytes that have not gone out */
};

static void flush_direct(struct piece *piece)
{
    piece->direct[piece->added] = '\0';
    kernel.config->panic_put(kernel.config->panic_sink, piece->direct);
    piece->added = 0;
}

static void add(struct piece *piece, char c)
{
    struct log_ring *log = &kernel.log;

    if (kernel.is_panicking) {
        piece->direct[piece->added++] = c;
        if (piece->added == sizeof(piece->direct) - 1)
            flush_direct(piece);
    } else if (log->used + piece->added == LOG_SIZE) {
        piece->is_cut = true;
    } else {
        log->bytes[(log->read + log->used + piece->added) % LOG_SIZE] =
            (uint8_t)c;
        piece->added++;
    }
}

static void add_text(struct piece *piece, const char *text)
{
    while (*text != '\0')
        add(piece, *text++);
}

static void begin(struct piece *piece)
{
    piece->added = 0;
    piece->is_cut = false;
    if (kernel.log.has_lost)
        add_text(piece, "\n*** DEBUG BUFFER FULL ***\n");
}

static void tell_reader(struct deferred *notice)
{
    struct log_ring *log = CAPSULE_SELF(struct log_ring, notice, notice);

    log->reader->ready(log->reader);
}

static void notify(void)
{
    if (kernel.log.reader == NULL || kernel.log.used == 0)
        return;
    kernel.log.notice.run = tell_reader;
    deferred_set(&kernel.log.notice);
}

static void finish(struct piece *piece)
{
    if (kernel.is_panicking) {
        flush_direct(piece);
        return;
    }
    kernel.log.has_lost = piece->is_cut;
    if (piece->is_cut)
        return;
    kernel.log.used += piece->added;
    notify();
}

void debug_text(const char *text)
{
    struct piece piece;

    begin(&piece);
    add_text(&piece, text);
    finish(&piece);
}

static void add_hex(struct piece *piece, unsigned value)
{
    add_text(piece, "0x");
    for (uint32_t shift = 32; shift != 0; shift -= 4)
        add(piece, "0123456789ABCDEF"[value >> (shift - 4) & 0xfu]);
}

static void add_short_hex(struct piece *piece, unsigned value)
{
    char digits[8];
    uint32_t count = 0;

    do {
        digits[count++] = "0123456789abcdef"[value & 0xfu];
        value >>= 4;
    } while (value != 0);
    add_text(piece, "0x");
    while (count != 0)
        add(piece, digits[--count]);
}

static void add_decimal(struct piece *piece, unsigned value)
{
    char digits[10]; /* 4294967295 */
    uint32_t count = 0;

    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (count != 0)
        add(piece, digits[--count]);
}

static void add_foreign(struct piece *piece, const char *text, uint32_t limit)
{
    for (uint32_t i = 0; i < limit && text[i] != '\0'; i++) {
        bool is_control = (uint8_t)text[i] < ' ' || text[i] == 0x7f;

        add(piece, is_control ? '?' : text[i]);
    }
}

static const char *add_conversion(struct piece *piece, const char *fmt,
                                  va_list *args)
{
    uint32_t limit = UINT32_MAX;

    if (fmt[0] == '.' && fmt[1] == '*') {
        limit = (uint32_t)va_arg(*args, int);
        fmt += 2;
    }
    switch (*fmt) {
    case 's':
        add_foreign(piece, va_arg(*args, const char *), limit);
        break;
    case 'u':
        add_decimal(piece, va_arg(*args, unsigned));
        break;
    case 'x':
        add_hex(piece, va_arg(*args, unsigned));
        break;
    case '#': /* %#x */
        add_short_hex(piece, va_arg(*args, unsigned));
        fmt++;
        break;
    case 'c':
        add(piece, (char)va_arg(*args, int));
        break;
    default: /* %% */
        add(piece, *fmt);
        break;
    }
    return fmt + 1;
}

static void add_formatted(struct piece *piece, const char *fmt, va_list *args)
{
    while (*fmt != '\0') {
        if (*fmt == '%')
            fmt = add_conversion(piece, fmt + 1, args);
        else
            add(piece, *fmt++);
    }
}

void debug_piece(const char *fmt, ...)
{
    struct piece piece;
    va_list args;

    begin(&piece);
    va_start(args, fmt);
    add_formatted(&piece, fmt, &args);
    va_end(args);
    finish(&piece);
}

void debug_line(const char *fmt, ...)
{
    struct piece piece;
    va_list args;

    begin(&piece);
    va_start(args, fmt);
    add_formatted(&piece, fmt, &args);
    va_end(args);
    add_text(&piece, "\r\n");
    finish(&piece);
}

void log_set_reader(struct log_reader *reader)
{
    kernel.log.reader = reader;
    notify();
}

uint32_t log_pending(void)
{
    return kernel.log.used;
}

uint32_t log_take(struct span to)
{
    struct log_ring *log = &kernel.log;
    uint32_t count = log->used < to.len ? log->used : to.len;

    for (uint32_t i = 0; i < count; i++) {
        span_set(to, i, log->bytes[log->read]);
        log->read = (log->read + 1) % LOG_SIZE;
    }
    log->used -= count;
    return count;
}
