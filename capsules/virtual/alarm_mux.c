/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "alarm_mux.h"

#include "capsule/self.h"

#include <stddef.h>

/* The hardware is never armed for longer, so that a reference is never older
 * than this and the delay of its service. */
#define ALARM_MUX_LONGEST 0x80000000u

/*
 * Moves the reference along to now and leaves the expiration as it is; dt is
 * then 0 if it is due. With the first reference, an alarm of nearly 2^32 ticks
 * that is served a little late would seem to lie in the future again.
 */
static void bring_up_to(struct alarm_mux_device *device, uint32_t now)
{
    uint32_t passed = now - device->reference;

    if (passed > device->dt)
        passed = device->dt;
    device->reference += passed;
    device->dt -= passed;
}

static uint32_t hardware_now(const struct alarm_mux *self)
{
    return self->hardware->ops->now(self->hardware);
}

/* Arms the hardware for the device that is due next, or for the time when all
 * are to be brought up to date. */
static void arm_next(struct alarm_mux *self)
{
    struct hil_alarm *hardware = self->hardware;
    uint32_t now = hardware_now(self);
    uint32_t dt = ALARM_MUX_LONGEST;
    bool is_any_armed = false;

    for (struct alarm_mux_device *device = self->devices; device != NULL;
         device = device->next) {
        if (!device->is_armed)
            continue;
        is_any_armed = true;
        bring_up_to(device, now);
        if (device->dt < dt)
            dt = device->dt;
    }
    if (is_any_armed)
        hardware->ops->set(hardware, now, dt);
    else
        hardware->ops->disarm(hardware);
}

static void fired(struct hil_alarm_client *client)
{
    struct alarm_mux *self = CAPSULE_SELF(struct alarm_mux, client, client);
    uint32_t now = hardware_now(self);
    struct alarm_mux_device *device = self->devices;

    for (; device != NULL; device = device->next) {
        struct hil_alarm_client *to = device->alarm.client;

        if (!device->is_armed)
            continue;
        bring_up_to(device, now);
        if (device->dt == 0) {
            device->is_armed = false;
            to->ops->fired(to);
        }
    }
    arm_next(self);
}

static uint32_t device_now(struct hil_alarm *alarm)
{
    struct alarm_mux_device *device =
        CAPSULE_SELF(struct alarm_mux_device, alarm, alarm);

    return hardware_now(device->mux);
}

static void device_set(struct hil_alarm *alarm, uint32_t reference, uint32_t dt)
{
    struct alarm_mux_device *device =
        CAPSULE_SELF(struct alarm_mux_device, alarm, alarm);

    device->reference = reference;
    device->dt = dt;
    device->is_armed = true;
    arm_next(device->mux);
}

static void device_disarm(struct hil_alarm *alarm)
{
    struct alarm_mux_device *device =
        CAPSULE_SELF(struct alarm_mux_device, alarm, alarm);

    device->is_armed = false;
    arm_next(device->mux);
}

void alarm_mux_init(struct alarm_mux *self, struct hil_alarm *hardware)
{
    static const struct hil_alarm_client_ops client_ops = {.fired = fired};

    *self = (struct alarm_mux){.client = {&client_ops}, .hardware = hardware};
    hardware->client = &self->client;
}

struct hil_alarm *alarm_mux_add(struct alarm_mux *self,
                                struct alarm_mux_device *device)
{
    static const struct hil_alarm_ops ops = {
        .now = device_now,
        .set = device_set,
        .disarm = device_disarm,
    };

    *device = (struct alarm_mux_device){
        .alarm = {.ops = &ops, .frequency_hz = self->hardware->frequency_hz},
        .mux = self,
        .next = self->devices,
    };
    self->devices = device;
    return &device->alarm;
}
