/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The smallest board that is of use: console, alarm and LED. It is there to
 * be weighed (tests/bench/kernel.py); a fault is named there, but there is no
 * dump. The chip comes from <board>/small_chip.h.
 */

#include "abi/abi.h"
#include "board.h"
#include "core/alarm.h"
#include "core/console.h"
#include "core/led.h"
#include "kernel/debug.h"
#include "kernel/kernel.h"
#include "small_chip.h"
#include "virtual/alarm_mux.h"
#include "virtual/uart_mux.h"

#define PROCESS_COUNT 4u

static struct small_chip chip;
static struct sched_rr scheduler;
static struct process processes[PROCESS_COUNT];
static struct uart_mux uart_mux;
static struct uart_mux_device console_uart;
static struct console console;
static struct alarm_mux alarm_mux;
static struct alarm_mux_device app_alarm;
static struct alarm alarm;
static struct led led;

static const struct kernel_driver drivers[] = {
    {TOCK_DRIVER_ALARM, &alarm.driver},
    {TOCK_DRIVER_CONSOLE, &console.driver},
    {TOCK_DRIVER_LED, &led.driver},
};

static const struct kernel_config config = {
    .app_flash = {BOARD_APPS_START, BOARD_APPS_SIZE},
    .app_ram = {BOARD_APP_RAM_START, BOARD_APP_RAM_SIZE},
    .processes = processes,
    .process_count = PROCESS_COUNT,
    .drivers = drivers,
    .driver_count = ARRAY_COUNT(drivers),
    .chip = SMALL_CHIP(chip),
    .slice_timer = SMALL_SLICE_TIMER(chip),
    .scheduler = &scheduler.scheduler,
    .panic_put = SMALL_PANIC_PUT,
    .panic_sink = SMALL_UART(chip),
};

int main(void);

int main(void)
{
    struct hil_led *light = small_chip_init(&chip);

    sched_rr_init(&scheduler);
    uart_mux_init(&uart_mux, &SMALL_UART(chip)->uart);
    console_init(&console, uart_mux_add(&uart_mux, &console_uart));
    alarm_mux_init(&alarm_mux, SMALL_ALARM(chip));
    alarm_init(&alarm, alarm_mux_add(&alarm_mux, &app_alarm));
    led_init(&led);
    led_add(&led, light);
    debug_line("%s: Tock-compatible kernel %u.%u", BOARD_NAME,
               (unsigned)TOCK_KERNEL_MAJOR, (unsigned)TOCK_KERNEL_MINOR);
    kernel_boot(&config);
    kernel_loop();
}
