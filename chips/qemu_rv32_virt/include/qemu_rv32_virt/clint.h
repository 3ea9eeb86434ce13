/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Machine timer of the CLINT: one 64-bit counter, one comparator per hart.
 *
 * Two timers share the comparator: the alarm and the time slice. Each keeps
 * its own 64-bit deadline; the comparator always holds the nearer of them, or
 * the end of time. The counter is not written: it starts at reset.
 *
 * Registers: SiFive FU540-C000 manual, chapter 9.
 */

#include "hil/alarm.h"
#include "hil/slice_timer.h"

struct clint_regs;

struct clint {
    struct hil_alarm alarm;
    struct hil_slice_timer slice;
    volatile struct clint_regs *regs;
    uint32_t ticks_per_us;
    uint64_t alarm_due; /* CLINT_NEVER: not armed */
    uint64_t slice_due; /* CLINT_NEVER: no slice, or it has expired */
    uint64_t compared;  /* what the comparator holds */
};

#define CLINT_NEVER UINT64_MAX

/* Once; regs is the CLINT's address, frequency_hz a multiple of 1 MHz. */
void clint_init(struct clint *self, volatile struct clint_regs *regs,
                uint32_t frequency_hz);

/* The timer interrupt waits: ends what is due and calls the alarm's client. */
void clint_serve(struct clint *self);
