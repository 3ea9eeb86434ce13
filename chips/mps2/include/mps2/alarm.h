/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * An alarm at 1 MHz: the free-running counter of the MPS2 board's FPGAIO block
 * tells the time, CMSDK timer 0 interrupts when it is due.
 *
 * FPGAIO: Arm MPS2 Application Note 386 (ARM DAI 0386), "FPGA system control";
 * timer: ARM DDI 0479, "APB timer". The timer counts processor clocks, so one
 * run of it spans at most 2^32 of them; longer times take several runs. After
 * each run the counter decides whether the alarm is due: never early.
 *
 * Context: kernel thread only.
 */

#include "hil/alarm.h"
#include "hil/deferred.h"

#include <stdbool.h>

#define MPS2_ALARM_HZ 1000000u

struct fpgaio_regs;
struct cmsdk_timer_regs;

struct mps2_alarm {
    struct hil_alarm alarm;
    struct fpgaio_regs *fpgaio;
    struct cmsdk_timer_regs *timer;
    struct deferred fired;
    uint32_t clocks_per_tick;
    uint32_t reference;
    uint32_t dt;
    bool is_armed; /* the timer runs for it               */
    bool is_due;   /* the client is to be called, deferred */
};

/* clock_hz is the processor's, a multiple of MPS2_ALARM_HZ. */
void mps2_alarm_init(struct mps2_alarm *self, struct fpgaio_regs *fpgaio,
                     struct cmsdk_timer_regs *timer, uint32_t clock_hz);

/* Serves the timer's interrupt. */
void mps2_alarm_serve(struct mps2_alarm *self);
