/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* QEMU's RISC-V "virt" machine: names and allocates everything. */

#include "abi/abi.h"
#include "base/attr.h"
#include "board.h"
#include "chip.h"
#include "core/alarm.h"
#include "core/console.h"
#include "kernel/debug.h"
#include "kernel/kernel.h"
#include "rv32i/port.h"
#include "virtual/alarm_mux.h"
#include "virtual/uart_mux.h"

enum { PROCESSES = 8 };

extern uint8_t _stack_guard[]; /* layout.ld */

int main(void);

static struct qemu_rv32_virt chip;

static struct uart_mux uart_mux;
static struct uart_mux_device console_uart;
static struct console console;

static struct alarm_mux alarm_mux;
static struct alarm_mux_device alarm_device;
static struct alarm alarm;

static struct sched_rr scheduler;
static struct process processes[PROCESSES];

static const struct kernel_driver drivers[] = {
    {TOCK_DRIVER_ALARM, &alarm.driver},
    {TOCK_DRIVER_CONSOLE, &console.driver},
};

static void panic_put(void *sink, const char *text)
{
    uart16550_write_now(sink, text);
}

static void init_capsules(void)
{
    uart_mux_init(&uart_mux, &chip.uart.uart);
    console_init(&console, uart_mux_add(&uart_mux, &console_uart));
    alarm_mux_init(&alarm_mux, &chip.timer.alarm);
    alarm_init(&alarm, alarm_mux_add(&alarm_mux, &alarm_device));
}

int main(void)
{
    static struct kernel_config config = {
        .app_flash = {BOARD_APPS_START, BOARD_APPS_SIZE},
        .app_ram = {BOARD_APP_RAM_START, BOARD_APP_RAM_SIZE},
        .processes = processes,
        .process_count = ARRAY_COUNT(processes),
        .drivers = drivers,
        .driver_count = ARRAY_COUNT(drivers),
        .chip = &chip.chip,
        .slice_timer = &chip.timer.slice,
        .fault_policy = KERNEL_FAULT_STOP,
        .panic_put = panic_put,
        .panic_sink = &chip.uart,
    };

    rv32i_init((uint32_t)(uintptr_t)_stack_guard);
    qemu_rv32_virt_init(&chip);
    init_capsules();
    config.scheduler = sched_rr_init(&scheduler);

    debug_line(BOARD_NAME ": Tock-compatible kernel %u.%u", TOCK_KERNEL_MAJOR,
               TOCK_KERNEL_MINOR);
    kernel_boot(&config);
    kernel_loop();
}
