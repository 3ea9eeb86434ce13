/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tock/alarm.h"

enum { CMD_FREQUENCY = 1, CMD_NOW = 2, CMD_START = 6 };
enum { UPCALL_EXPIRED = 0 };

/* The longest wait in one piece: alarm_ticks() is exact up to it. */
#define STEP_MS 1000u

/* The answer of a command that tells one number; 0 on failure. */
static uint32_t ask(uint32_t command)
{
    struct syscall_return ret =
        syscall_command(TOCK_DRIVER_ALARM, command, 0, 0);

    return ret.variant == TOCK_SUCCESS_U32 ? ret.value[0] : 0;
}

uint32_t alarm_frequency(void)
{
    return ask(CMD_FREQUENCY);
}

uint32_t alarm_now(void)
{
    return ask(CMD_NOW);
}

uint32_t alarm_ticks(uint32_t ms)
{
    uint32_t frequency = alarm_frequency();

    /* In two parts, to stay within 32 bits. */
    return frequency / 1000 * ms + frequency % 1000 * ms / 1000;
}

enum tock_error alarm_start(uint32_t from, uint32_t ticks, syscall_upcall fn,
                            void *context)
{
    enum tock_error error =
        syscall_subscribe(TOCK_DRIVER_ALARM, UPCALL_EXPIRED, fn, context);

    if (error != TOCK_OK)
        return error;
    return syscall_error(
        syscall_command(TOCK_DRIVER_ALARM, CMD_START, from, ticks));
}

static enum tock_error wait_until(uint32_t from, uint32_t ticks)
{
    enum tock_error error = alarm_start(from, ticks, NULL, NULL);

    if (error == TOCK_OK)
        (void)syscall_yield_wait_for(TOCK_DRIVER_ALARM, UPCALL_EXPIRED);
    return error;
}

enum tock_error alarm_delay_ms(uint32_t ms)
{
    uint32_t from = alarm_now();
    uint32_t step = alarm_ticks(STEP_MS);

    for (; ms > STEP_MS; ms -= STEP_MS) {
        enum tock_error error = wait_until(from, step);

        if (error != TOCK_OK)
            return error;
        from += step;
    }
    return wait_until(from, alarm_ticks(ms));
}
