/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The host as a processor: the unchanged kernel core under the sanitizers.
 *
 * A process has no code. A test sets what it does next (host_trap_next) and
 * lets the kernel loop run; a process that has nothing to do spins, that is,
 * spends its slice. Devices are fakes that the test moves by hand; deferred
 * calls and interrupts take the real way through the loop.
 *
 * Target memory is two arrays, for flash at HOST_FLASH_START and RAM at
 * HOST_RAM_START; the core reaching outside them aborts the test.
 */

#include "arch/arch.h"
#include "hil/alarm.h"
#include "hil/chip.h"
#include "hil/deferred.h"
#include "hil/slice_timer.h"
#include "hil/uart.h"

#include <stdbool.h>
#include <stdint.h>

#define HOST_FLASH_START 0x10000000u
#define HOST_FLASH_SIZE  0x00020000u
#define HOST_RAM_START   0x20000000u
#define HOST_RAM_SIZE    0x00020000u

/* --- processor ------------------------------------------------------------ */

struct host_cpu {
    bool irq_disabled;
    uint32_t waits;     /* times the kernel slept                      */
    uint32_t runs;      /* times a process ran                         */
    uint32_t mpu_loads; /* times the windows were really written       */
    uint32_t mpu_stamp; /* of the windows that are loaded              */
    bool has_halted;    /* after a panic                               */
    bool flash_is_open; /* between arch_flash_open and arch_flash_close */
    uint32_t flash_opens;
    /* Called for a process with nothing to do; null: spends its slice.
     * Returns true if it set a trap after all. */
    bool (*idle)(struct arch_context *ctx);
    /* What arch_halt does; it must not return. Null: abort. */
    void (*on_halt)(void);
};

extern struct host_cpu host_cpu;

/* Host bytes for target address addr, for tests to fill and look at. */
uint8_t *host_memory(uint32_t addr);

/* Makes the next run of the process end with this trap. */
void host_trap_next(struct arch_context *ctx, uint32_t trap,
                    const uint32_t args[4]);

/* --- devices -------------------------------------------------------------- */

struct host_chip {
    struct hil_chip chip;
    bool has_work;
    uint32_t serves;
};

struct host_slice {
    struct hil_slice_timer timer;
    bool is_running;
    uint32_t left_us;
    uint32_t started_us;      /* length of the latest slice                */
    uint32_t syscall_cost_us; /* time that passes with each run            */
};

/* Text that was sent stays in the log. */
struct host_uart {
    struct hil_uart uart;
    struct deferred deferred;
    struct span sending; /* not gone out yet; len 0 = none */
    struct span reading;
    uint32_t read;
    bool is_reading;
    bool is_aborted;
    bool is_slow;           /* sends only on host_uart_send_out */
    enum tock_error refuse; /* what the next transmit answers */
    uint32_t transmissions;
    char text[32768];
    uint32_t text_len;
};

struct host_alarm {
    struct hil_alarm alarm;
    struct deferred deferred;
    uint32_t now;
    uint32_t reference;
    uint32_t dt;
    bool is_armed;
};

extern struct host_chip host_chip;
extern struct host_slice host_slice;
extern struct host_uart host_uart;
extern struct host_alarm host_alarm;

/* Everything as after power-on: memory 0xff (flash) and garbage (RAM). */
void host_reset(void);
void host_devices_reset(void);

/* Lets the transmission that waits go out. */
void host_uart_send_out(void);

/* Types bytes at the port; returns how many were read. */
uint32_t host_uart_type(const char *text);

/* Lets time pass; due alarms fire in the next deferred calls. */
void host_alarm_advance(uint32_t ticks);
