/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * An app that notices what others do to it: whether its alarm of every tenth
 * of a second reaches it in time, and whether its memory stays as it was.
 *
 * Expect each second, with the worst delay of any beat so far,
 *   heartbeat <beats> worst <microseconds> us, <words> damaged
 * on a line of its own. It never waits for the console: a line that cannot go
 * out yet is left out.
 */
#include "tock/alarm.h"
#include "tock/console.h"

#include <stdbool.h>

#define PERIOD_MS    100u
#define BEATS_A_LINE 10u
#define WORDS        512u

static uint32_t memory[WORDS];
static uint32_t ticks_per_ms;
static uint32_t beats;
static uint32_t worst; /* ticks */
static uint32_t damaged;
static bool is_writing;

static char line[80];
static uint32_t line_len;

static void add(const char *text)
{
    while (*text != '\0')
        line[line_len++] = *text++;
}

static void add_number(uint32_t value)
{
    char digits[10];
    uint32_t count = 0;

    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (count != 0)
        line[line_len++] = digits[--count];
}

static void on_written(uint32_t written, uint32_t again, uint32_t unused,
                       void *context)
{
    (void)written;
    (void)again;
    (void)unused;
    (void)context;
    is_writing = false;
}

static void tell(void)
{
    if (is_writing)
        return;
    is_writing = true;
    line_len = 0;
    add("\r\nheartbeat ");
    add_number(beats);
    add(" worst ");
    add_number(worst * 1000 / ticks_per_ms);
    add(" us, ");
    add_number(damaged);
    add(" damaged\r\n");
    syscall_allow_ro(TOCK_DRIVER_CONSOLE, 1, line, line_len);
    syscall_command(TOCK_DRIVER_CONSOLE, 1, line_len, 0);
}

static void look_at_memory(void)
{
    for (uint32_t i = 0; i < WORDS; i++)
        if (((volatile uint32_t *)memory)[i] != i * 0x9e3779b9u)
            damaged++;
}

static void on_alarm(uint32_t fired, uint32_t expiry, uint32_t unused,
                     void *context)
{
    uint32_t late = alarm_now() - expiry;

    (void)fired;
    (void)unused;
    beats++;
    if (late > worst)
        worst = late;
    alarm_start(expiry, PERIOD_MS * ticks_per_ms, on_alarm, context);
    look_at_memory();
    if (beats % BEATS_A_LINE == 0)
        tell();
}

int main(void)
{
    for (uint32_t i = 0; i < WORDS; i++)
        memory[i] = i * 0x9e3779b9u;
    ticks_per_ms = alarm_ticks(1000) / 1000;
    syscall_subscribe(TOCK_DRIVER_CONSOLE, 1, on_written, NULL);
    alarm_start(alarm_now(), PERIOD_MS * ticks_per_ms, on_alarm, NULL);
    for (;;)
        syscall_yield_wait();
}
