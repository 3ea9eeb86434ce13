/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "alarm_mux.h"

#include "capsule/self.h"

#include <stddef.h>

/* Ticks until the device is due; 0 if it is. */
static uint32_t ticks_left(const struct alarm_mux_device *device, uint32_t now)
{
    uint32_t passed = now - device->reference;

    return passed >= device->dt ? 0 : device->dt - passed;
}

static uint32_t hardware_now(const struct alarm_mux *self)
{
    return self->hardware->ops->now(self->hardware);
}

/* Arms the hardware for the device that is due next. */
static void arm_next(struct alarm_mux *self)
{
    struct hil_alarm *hardware = self->hardware;
    uint32_t now = hardware_now(self);
    struct alarm_mux_device *device = self->devices;
    struct alarm_mux_device *next = NULL;

    for (; device != NULL; device = device->next) {
        if (device->is_armed &&
            (next == NULL || ticks_left(device, now) < ticks_left(next, now)))
            next = device;
    }
    if (next == NULL)
        hardware->ops->disarm(hardware);
    else
        hardware->ops->set(hardware, next->reference, next->dt);
}

static void fired(struct hil_alarm_client *client)
{
    struct alarm_mux *self = CAPSULE_SELF(struct alarm_mux, client, client);
    uint32_t now = hardware_now(self);
    struct alarm_mux_device *device = self->devices;

    for (; device != NULL; device = device->next) {
        struct hil_alarm_client *to = device->alarm.client;

        if (device->is_armed && ticks_left(device, now) == 0) {
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
