/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Many alarms on one counter.
 *
 * Each user has a struct alarm_mux_device, itself a hil_alarm; the hardware
 * is armed for the one that is due next.
 *
 * Ownership: the board allocates mux and devices, once and for ever.
 * Context: kernel thread only; callbacks are deferred.
 */

#include "hil/alarm.h"

struct alarm_mux;

struct alarm_mux_device {
    struct hil_alarm alarm; /* hand &device->alarm to the capsule */
    struct alarm_mux *mux;
    struct alarm_mux_device *next;
    uint32_t reference;
    uint32_t dt;
    bool is_armed;
};

struct alarm_mux {
    struct hil_alarm_client client;
    struct hil_alarm *hardware;
    struct alarm_mux_device *devices;
};

/* Takes the hardware alarm and becomes its client. */
void alarm_mux_init(struct alarm_mux *self, struct hil_alarm *hardware);

/* Adds a device; returns &device->alarm. */
struct hil_alarm *alarm_mux_add(struct alarm_mux *self,
                                struct alarm_mux_device *device);
