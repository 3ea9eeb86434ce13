/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Counts tenths of a second from alarm upcalls, for ever.
 *
 * Shows an app that sleeps between upcalls, and whether it gets its share of
 * the processor: every alarm is set from the last expiry, so the count keeps
 * step with the clock unless the app is starved, and the time printed is that
 * of the upcall, lateness included.
 *
 * Expect one line every 100 ms, counted from the start:
 *   ticker 1 at 100 ms
 *   ticker 2 at 200 ms
 */
#include "tock/alarm.h"
#include "tock/printf.h"

#define PERIOD_MS 100u

static uint32_t period; /* in ticks */
static uint32_t ticks_per_ms;
static uint32_t count;

static void on_alarm(uint32_t now, uint32_t expiry, uint32_t unused,
                     void *context)
{
    uint32_t late_ms = (now - expiry) / ticks_per_ms;

    (void)unused;
    count++;
    printf("ticker %lu at %lu ms\n", count, count * PERIOD_MS + late_ms);
    if (alarm_start(expiry, period, on_alarm, context) != TOCK_OK)
        printf("ticker: the alarm failed\n");
}

int main(void)
{
    period = alarm_ticks(PERIOD_MS);
    ticks_per_ms = alarm_ticks(1);
    if (ticks_per_ms == 0 ||
        alarm_start(alarm_now(), period, on_alarm, NULL) != TOCK_OK) {
        printf("ticker: no alarm\n");
        return TOCK_NODEVICE;
    }
    for (;;)
        syscall_yield_wait();
}
