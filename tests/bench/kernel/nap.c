/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Yields at once whenever it gets the processor, with an upcall of its own
 * alarm to come in 5 ms. Beside spin.c each Yield is a switch of processes.
 */

#include "abi/abi.h"
#include "tock/alarm.h"
#include "tock/syscall.h"

static void on_alarm(uint32_t a, uint32_t b, uint32_t c, void *context)
{
    (void)a;
    (void)b;
    (void)c;
    (void)context;
}

static __attribute__((noinline)) void nap(void)
{
    syscall_yield_wait();
}

int main(void)
{
    uint32_t period = alarm_ticks(5);

    (void)syscall_subscribe(TOCK_DRIVER_ALARM, 0, on_alarm, NULL);
    for (;;) {
        syscall_command(TOCK_DRIVER_ALARM, 5, period, 0);
        nap();
    }
}
