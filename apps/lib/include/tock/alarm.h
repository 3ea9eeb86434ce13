/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The app's one alarm, on a 32-bit counter that wraps.
 *
 * The counter's frequency differs from board to board. An alarm is set by a
 * reference and a distance, so one that is already past still fires, and a
 * period started from the last expiry does not drift.
 *
 * Starting an alarm, by alarm_start() or alarm_delay_ms(), replaces the one
 * that was set before.
 */

#include "tock/syscall.h"

/* Ticks per second, at least 1000; 0 without an alarm driver. */
uint32_t alarm_frequency(void);

uint32_t alarm_now(void);

/* Rounded down. Exact up to 1000 ms at any frequency; beyond, the result must
 * fit the counter. */
uint32_t alarm_ticks(uint32_t ms);

/* Calls fn once, with (now, expiry, 0), at ticks after the counter was at
 * from. */
enum tock_error alarm_start(uint32_t from, uint32_t ticks, syscall_upcall fn,
                            void *context);

/* Sleeps; runs no upcall meanwhile. Any length. */
enum tock_error alarm_delay_ms(uint32_t ms);
