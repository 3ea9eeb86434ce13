/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "kernel/debug.h"

#include "capsule/self.h"
#include "debug_text.h"
#include "state.h"

/*
 * One piece of text on its way to the ring, or to panic_put. In the ring its
 * bytes are written behind the used part and become valid all at once in
 * debug_end, so that a line that does not fit leaves no trace.
 */

static void flush_direct(struct debug_piece *piece)
{
    piece->direct[piece->added] = '\0';
    kernel.config->panic_put(kernel.config->panic_sink, piece->direct);
    piece->added = 0;
}

static void add(struct print_sink *sink, char c)
{
    struct debug_piece *piece = CAPSULE_SELF(struct debug_piece, sink, sink);
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

static void add_text(struct debug_piece *piece, const char *text)
{
    while (*text != '\0')
        add(&piece->sink, *text++);
}

void debug_begin(struct debug_piece *piece)
{
    piece->sink.put = add;
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

void debug_end(struct debug_piece *piece)
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
    struct debug_piece piece;

    debug_begin(&piece);
    add_text(&piece, text);
    debug_end(&piece);
}

void debug_line(const char *fmt, ...)
{
    struct debug_piece piece;
    va_list args;

    debug_begin(&piece);
    va_start(args, fmt);
    print_args(&piece.sink, fmt, &args);
    va_end(args);
    add_text(&piece, "\r\n");
    debug_end(&piece);
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

uint32_t log_peek(struct span to)
{
    const struct log_ring *log = &kernel.log;
    uint32_t count = log->used < to.len ? log->used : to.len;

    for (uint32_t i = 0; i < count; i++)
        span_set(to, i, log->bytes[(log->read + i) % LOG_SIZE]);
    return count;
}

void log_drop(uint32_t count)
{
    struct log_ring *log = &kernel.log;

    if (count > log->used)
        count = log->used;
    log->read = (log->read + count) % LOG_SIZE;
    log->used -= count;
}
