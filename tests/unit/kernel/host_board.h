/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A small board on the host port: four process slots, console, alarm, a probe
 * driver that notes what it is asked, and a driver without a grant. board.h
 * has what unit tests need besides; the fuzz target uses this alone.
 *
 *     board_power_on();
 *     board_install(&(struct board_app){.name = "one"});
 *     board_boot();
 */

#include "arch/host.h"
#include "capsule/buffer.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/upcall.h"
#include "core/alarm.h"
#include "core/console.h"
#include "kernel/debug.h"
#include "kernel/kernel.h"
#include "state.h"
#include "tbf/build.h"
#include "virtual/alarm_mux.h"
#include "virtual/uart_mux.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBE   0x777u /* has a grant with two of everything */
#define BARE    0x888u /* has no grant                       */
#define ALARM   TOCK_DRIVER_ALARM
#define CONSOLE TOCK_DRIVER_CONSOLE

enum { BOARD_PROCESSES = 4 };

struct probe {
    struct driver driver;
    uint32_t commands;
    uint32_t number;
    uint32_t args[2];
    struct command_return answer;
    uint32_t gone;
    struct process_ref last_gone;
    uint32_t held_addr; /* class 7 */
    uint32_t held_len;
    enum tock_error readable_error;
};

/* The probe's part of its grant. */
struct probe_grant {
    uint64_t counter;
    uint8_t bytes[48];
};

struct board {
    struct process processes[BOARD_PROCESSES];
    struct uart_mux uart_mux;
    struct uart_mux_device console_uart;
    struct uart_mux_device other_uart;
    struct console console;
    struct alarm_mux alarm_mux;
    struct alarm_mux_device alarm_device;
    struct alarm alarm;
    struct probe probe;
    struct probe bare;
    struct sched_rr scheduler;
    struct kernel_driver drivers[4];
    struct kernel_config config;
    uint32_t flash_used;
};

static struct board board;

/* What the board's panic output got. */
static char panic_text[16384];
static uint32_t panic_len;

struct board_app {
    const char *name;
    uint32_t ram;       /* 0: 4096                                   */
    uint32_t size;      /* of the object; 0: 512                     */
    uint32_t fixed_ram; /* 0: not fixed                              */
    uint32_t protect;   /* protected trailer; 0: none                */
    uint32_t minor;     /* kernel version it wants; 0: 2.0           */
    bool is_disabled;
    uint32_t fixed_flash; /* 0: not fixed */
    const struct tbf_region_spec *regions;
    uint32_t region_count;
    uint32_t version;
    uint32_t short_id; /* 0: none */
    const struct tbf_permission_spec *permissions;
    uint32_t permission_count;
    bool has_storage;
    uint32_t write_id;
    const uint32_t *read_ids;
    uint32_t read_count;
    const uint32_t *modify_ids;
    uint32_t modify_count;
};

static inline struct command_return probe_command(struct driver *driver,
                                                  struct process *caller,
                                                  uint32_t number,
                                                  uint32_t arg0, uint32_t arg1)
{
    struct probe *self = CAPSULE_SELF(struct probe, driver, driver);

    (void)caller;
    self->commands++;
    self->number = number;
    self->args[0] = arg0;
    self->args[1] = arg1;
    return number == 0 ? command_success() : self->answer;
}

static inline enum tock_error probe_readable(struct driver *driver,
                                             struct process *caller,
                                             uint32_t number, uint32_t *addr,
                                             uint32_t *len)
{
    struct probe *self = CAPSULE_SELF(struct probe, driver, driver);
    uint32_t old_addr = self->held_addr;
    uint32_t old_len = self->held_len;

    (void)caller;
    (void)number;
    self->held_addr = *addr;
    self->held_len = *len;
    *addr = old_addr;
    *len = old_len;
    return self->readable_error;
}

static inline void probe_gone(struct driver *driver, struct process_ref gone)
{
    struct probe *self = CAPSULE_SELF(struct probe, driver, driver);

    self->gone++;
    self->last_gone = gone;
}

static inline void board_panic_put(void *sink, const char *text)
{
    uint32_t room = sizeof(panic_text) - 1 - panic_len;
    uint32_t len = (uint32_t)strlen(text);

    (void)sink;
    memcpy(panic_text + panic_len, text, len < room ? len : room);
    panic_len += len < room ? len : room;
}

static inline void board_init_capsules(void)
{
    static const struct driver_ops probe_ops = {.command = probe_command,
                                                .allow_readable =
                                                    probe_readable,
                                                .process_gone = probe_gone};
    static const struct driver_ops bare_ops = {.command = probe_command};
    static const struct grant_layout layout = {2, 2, 2,
                                               sizeof(struct probe_grant)};

    uart_mux_init(&board.uart_mux, &host_uart.uart);
    console_init(&board.console,
                 uart_mux_add(&board.uart_mux, &board.console_uart));
    alarm_mux_init(&board.alarm_mux, &host_alarm.alarm);
    alarm_init(&board.alarm,
               alarm_mux_add(&board.alarm_mux, &board.alarm_device));
    board.probe.driver = (struct driver){.ops = &probe_ops, .grant = &layout};
    board.probe.answer = command_success();
    board.bare.driver = (struct driver){.ops = &bare_ops};
    board.bare.answer = command_success();
}

static inline void board_power_on(void)
{
    host_reset();
    memset(&kernel, 0, sizeof(kernel));
    memset(&board, 0, sizeof(board));
    panic_len = 0;
    board_init_capsules();
    board.drivers[0] = (struct kernel_driver){ALARM, &board.alarm.driver};
    board.drivers[1] = (struct kernel_driver){CONSOLE, &board.console.driver};
    board.drivers[2] = (struct kernel_driver){PROBE, &board.probe.driver};
    board.drivers[3] = (struct kernel_driver){BARE, &board.bare.driver};
    board.config = (struct kernel_config){
        .app_flash = {HOST_FLASH_START, HOST_FLASH_SIZE},
        .app_ram = {HOST_RAM_START, HOST_RAM_SIZE},
        .processes = board.processes,
        .process_count = BOARD_PROCESSES,
        .drivers = board.drivers,
        .driver_count = ARRAY_COUNT(board.drivers),
        .chip = &host_chip.chip,
        .slice_timer = &host_slice.timer,
        .scheduler = sched_rr_init(&board.scheduler),
        .fault_policy = KERNEL_FAULT_STOP,
        .dump = kernel_dump,
        .panic_put = board_panic_put,
    };
}

/* Appends an object of size bytes that only has the given first bytes. */
static inline uint32_t board_install_raw(const void *bytes, uint32_t len,
                                         uint32_t size)
{
    uint32_t addr = HOST_FLASH_START + board.flash_used;

    memcpy(host_memory(addr), bytes, len);
    board.flash_used += size;
    return addr;
}

static inline struct tbf_spec board_spec(const struct board_app *app)
{
    struct tbf_spec spec = {
        .flags = app->is_disabled ? 0 : TBF_FLAG_ENABLED,
        .total_size = app->size == 0 ? 512 : app->size,
        .minimum_ram = app->ram == 0 ? 4096 : app->ram,
        .name = app->name,
        .name_len = app->name == NULL ? 0 : (uint16_t)strlen(app->name),
        .has_kernel_version = true,
        .kernel_major = 2,
        .kernel_minor = (uint16_t)app->minor,
        .has_fixed_addresses = app->fixed_ram != 0 || app->fixed_flash != 0,
        .fixed_ram = app->fixed_ram == 0 ? TBF_NOT_FIXED : app->fixed_ram,
        .fixed_flash = app->fixed_flash == 0 ? TBF_NOT_FIXED : app->fixed_flash,
        .regions = app->regions,
        .region_count = app->region_count,
        .version = app->version,
        .has_short_id = app->short_id != 0,
        .short_id = app->short_id,
        .permissions = app->permissions,
        .permission_count = app->permission_count,
        .has_storage = app->has_storage,
        .write_id = app->write_id,
        .read_ids = app->read_ids,
        .read_count = app->read_count,
        .modify_ids = app->modify_ids,
        .modify_count = app->modify_count,
    };

    spec.protected_size = tbf_header_size(&spec) + app->protect;
    spec.init_offset = spec.protected_size + 1;
    spec.binary_end = spec.total_size;
    return spec;
}

/* Appends an app; returns the address of its header. */
static inline uint32_t board_install(const struct board_app *app)
{
    struct tbf_spec spec = board_spec(app);
    uint8_t header[512];

    if (!tbf_build_header(&spec, header, sizeof(header)))
        abort();
    return board_install_raw(header, tbf_header_size(&spec), spec.total_size);
}

static inline void settle(void)
{
    for (int i = 0; i < 40; i++)
        kernel_loop_once();
}

/* Boots, and lets every process reach its first instruction. */
static inline void board_boot(void)
{
    kernel_boot(&board.config);
    settle();
}
