/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Counts in binary on the board's LEDs, four times a second.
 *
 * Expect on the console:
 *   blink: 2 LEDs
 * and, on the first LED, half a second of light in each second.
 */
#include "tock/alarm.h"
#include "tock/printf.h"
#include "tock/syscall.h"

#define PERIOD_MS 250u

enum { LED_COUNT = 0, LED_ON = 1, LED_OFF = 2 };

static uint32_t leds;
static uint32_t period; /* in ticks */
static uint32_t count;

static void on_alarm(uint32_t now, uint32_t expiry, uint32_t unused,
                     void *context)
{
    (void)now;
    (void)unused;
    count++;
    for (uint32_t i = 0; i < leds; i++) {
        uint32_t command = (count >> 1 >> i & 1) != 0 ? LED_ON : LED_OFF;

        (void)syscall_command(TOCK_DRIVER_LED, command, i, 0);
    }
    if (alarm_start(expiry, period, on_alarm, context) != TOCK_OK)
        printf("blink: the alarm failed\n");
}

int main(void)
{
    struct syscall_return answer =
        syscall_command(TOCK_DRIVER_LED, LED_COUNT, 0, 0);

    leds = syscall_error(answer) == TOCK_OK ? answer.value[0] : 0;
    printf("blink: %lu LED%s\n", leds, leds == 1 ? "" : "s");
    period = alarm_ticks(PERIOD_MS);
    if (leds == 0 ||
        alarm_start(alarm_now(), period, on_alarm, NULL) != TOCK_OK)
        return TOCK_NODEVICE;
    for (;;)
        syscall_yield_wait();
}
