/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Alarm: one alarm per process on a 32-bit counter. Driver number 0x0
 * (TOCK_DRIVER_ALARM).
 *
 *   command 0                is it there               Success
 *   command 1                ticks per second          Success u32
 *   command 2                now, in ticks             Success u32
 *   command 3                stop                      Success, ALREADY, NOMEM
 *   command 5 (dt)           arm for now + dt          Success u32: expiration;
 *                                                      NOMEM
 *   command 6 (ref, dt)      arm for ref + dt          Success u32: expiration;
 *                                                      NOMEM
 *   upcall 0                 (now, expiration, 0)      it fired
 *
 * Ticks wrap at 2^32; what a second has is the board's. An alarm is due unless
 * now is in [ref, ref + dt), wrapping: one in the past, or with dt 0, is due at
 * once, and its upcall is queued before the command answers. It never fires
 * early, and once.
 *
 * Answers:
 *   ALREADY     no alarm is armed, or it has fired
 *   NOMEM       no memory for the driver's state of the process (its grant);
 *               nothing is armed
 *
 * Requests: each process has its own alarm. Arming replaces what was armed,
 * without an upcall for it; one that is queued already still comes, unless the
 * app subscribes anew.
 *
 * Process ends: its alarm is gone.
 * At start: none is armed.
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
