/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * One system call per function, for tests/bench/kernel.py: it counts the
 * kernel's instructions from a call to the app's next instruction and names
 * the figure after the function that called. Three rounds: the first
 * allocates grants, the others must cost the same.
 */

#include "abi/abi.h"
#include "tock/syscall.h"

#define STEP(name) static __attribute__((noinline, noclone)) void name(void)

#define ABSENT     0xdead0u

enum { ROUNDS = 3 };

static uint8_t buffer[16];
static uint8_t no_wait_flag;

static __attribute__((noinline)) void on_upcall(uint32_t a, uint32_t b,
                                                uint32_t c, void *context)
{
    (void)a;
    (void)b;
    (void)c;
    (void)context;
    __asm__ volatile("");
}

STEP(command_absent)
{
    syscall_command(ABSENT, 0, 0, 0);
}

STEP(command_debug)
{
    syscall_command(TOCK_DRIVER_LOW_LEVEL_DEBUG, 0, 0, 0);
}

STEP(command_led)
{
    syscall_command(TOCK_DRIVER_LED, 0, 0, 0);
}

STEP(command_console) /* enters the grant; the first one allocates it */
{
    syscall_command(TOCK_DRIVER_CONSOLE, 0, 0, 0);
}

STEP(command_alarm)
{
    syscall_command(TOCK_DRIVER_ALARM, 0, 0, 0);
}

STEP(command_alarm_now)
{
    syscall_command(TOCK_DRIVER_ALARM, 2, 0, 0);
}

STEP(command_grant) /* alarm stop: enters the grant */
{
    syscall_command(TOCK_DRIVER_ALARM, 3, 0, 0);
}

STEP(memop_ram_start)
{
    syscall_memop(TOCK_MEMOP_RAM_START, 0);
}

STEP(memop_sbrk_0)
{
    syscall_memop(TOCK_MEMOP_SBRK, 0);
}

STEP(subscribe)
{
    (void)syscall_subscribe(TOCK_DRIVER_ALARM, 0, on_upcall, NULL);
}

STEP(allow_ro)
{
    (void)syscall_allow_ro(TOCK_DRIVER_CONSOLE, 1, buffer, sizeof buffer);
}

STEP(allow_rw)
{
    (void)syscall_allow_rw(TOCK_DRIVER_CONSOLE, 1, buffer, sizeof buffer);
}

STEP(yield_no_wait)
{
    /* Nothing waits, so that no upcall uses up registers. */
    (void)trap_call(TOCK_CLASS_YIELD, TOCK_YIELD_NO_WAIT,
                    (uint32_t)&no_wait_flag, 0, 0);
}

STEP(alarm_set)
{
    syscall_command(TOCK_DRIVER_ALARM, 5, 0, 0);
}

STEP(yield_upcall)
{
    syscall_yield_wait();
}

STEP(yield_wait_for)
{
    (void)syscall_yield_wait_for(TOCK_DRIVER_ALARM, 0);
}

STEP(alarm_set_later)
{
    syscall_command(TOCK_DRIVER_ALARM, 5, 2000, 0);
}

STEP(yield_sleep)
{
    syscall_yield_wait();
}

static void round(void)
{
    command_absent();
    command_debug();
    command_led();
    command_console();
    command_alarm();
    command_alarm_now();
    command_grant();
    memop_ram_start();
    memop_sbrk_0();
    subscribe();
    allow_ro();
    allow_rw();
    yield_no_wait();
    alarm_set();
    yield_upcall();
    alarm_set();
    yield_wait_for();
    alarm_set_later();
    yield_sleep();
}

STEP(done)
{
    syscall_command(ABSENT, 0, 0, 0);
}

/* Lets the boot messages go out, so that no interrupt comes in between. */
STEP(settle)
{
    syscall_command(TOCK_DRIVER_ALARM, 5, 1000000, 0);
    (void)syscall_yield_wait_for(TOCK_DRIVER_ALARM, 0);
}

int main(void)
{
    settle();
    for (int i = 0; i < ROUNDS; i++)
        round();
    done();
    return 0;
}
