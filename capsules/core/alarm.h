/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Alarm: one alarm per process on a 32-bit counter. Driver number 0x0.
 *
 *   command 0            is it there            Success
 *   command 1            frequency in Hz        Success u32
 *   command 2            now in ticks           Success u32
 *   command 3            stop                   Success, ALREADY (not armed)
 *   command 5 (dt)       arm for now + dt       Success u32: expiration
 *   command 6 (ref, dt)  arm for ref + dt       Success u32: expiration
 *   upcall 0             (now, expiration, 0)   it fired
 *
 * 3, 5 and 6 may answer NOMEM. Arming replaces what was armed. An alarm is due
 * unless now is in [ref, ref + dt), wrapping; so one in the past fires at
 * once. It never fires early.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "hil/alarm.h"

struct alarm {
    struct driver driver;
    struct hil_alarm_client client;
    struct hil_alarm *hardware;
};

void alarm_init(struct alarm *self, struct hil_alarm *hardware);
