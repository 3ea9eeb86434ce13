/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "alarm.h"

#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/upcall.h"

#include <stdbool.h>

enum {
    CMD_EXISTS = 0,
    CMD_FREQUENCY = 1,
    CMD_NOW = 2,
    CMD_STOP = 3,
    CMD_SET_RELATIVE = 5,
    CMD_SET_ABSOLUTE = 6,
};

enum { UPCALL_FIRED = 0 };

/* The hardware is never armed for longer, so that no reference is older than
 * this and the delay of its service. */
#define LONGEST 0x80000000u

/* The alarm of one process. */
struct alarm_grant {
    uint32_t reference;
    uint32_t dt;
    bool is_armed;
};

static uint32_t now(const struct alarm *self)
{
    return self->hardware->ops->now(self->hardware);
}

/* Moves the reference along to now and leaves the expiration as it is; dt is
 * then 0 if it is due. A reference that stays behind would make an alarm of
 * nearly 2^32 ticks seem to lie in the future again, if it is served late. */
static void bring_up_to(struct alarm_grant *alarm, uint32_t at)
{
    uint32_t passed = at - alarm->reference;

    if (passed > alarm->dt)
        passed = alarm->dt;
    alarm->reference += passed;
    alarm->dt -= passed;
}

/* Sends the upcall if the alarm is due, which disarms it. */
static void fire_if_due(const struct alarm *self, struct process *process,
                        struct alarm_grant *alarm, uint32_t at)
{
    bring_up_to(alarm, at);
    if (alarm->dt != 0)
        return;
    alarm->is_armed = false;
    upcall_schedule(&self->driver, process, UPCALL_FIRED, at, alarm->reference,
                    0);
}

/* The alarm of a process up to date, if it is armed; a copy. */
static bool read_armed(const struct alarm *self, struct process *process,
                       uint32_t at, struct alarm_grant *out)
{
    struct grant grant;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return false;

    struct alarm_grant *alarm = GRANT_DATA(&grant, struct alarm_grant);

    if (alarm->is_armed)
        bring_up_to(alarm, at);
    *out = *alarm;
    grant_leave(&grant);
    return out->is_armed;
}

/* Arms the hardware for the process that is due next, or for the time when all
 * are to be brought up to date. */
static void arm_next(struct alarm *self)
{
    uint32_t at = now(self);
    uint32_t dt = LONGEST;
    bool is_any_armed = false;
    struct process *process = process_next(NULL);
    struct alarm_grant alarm;

    for (; process != NULL; process = process_next(process)) {
        if (!read_armed(self, process, at, &alarm))
            continue;
        is_any_armed = true;
        if (alarm.dt < dt)
            dt = alarm.dt;
    }
    if (is_any_armed)
        self->hardware->ops->set(self->hardware, at, dt);
    else
        self->hardware->ops->disarm(self->hardware);
}

static void fired(struct hil_alarm_client *client)
{
    struct alarm *self = CAPSULE_SELF(struct alarm, client, client);
    uint32_t at = now(self);
    struct process *process = process_next(NULL);
    struct grant grant;

    for (; process != NULL; process = process_next(process)) {
        if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
            continue;

        struct alarm_grant *alarm = GRANT_DATA(&grant, struct alarm_grant);

        if (alarm->is_armed)
            fire_if_due(self, process, alarm, at);
        grant_leave(&grant);
    }
    arm_next(self);
}

static struct command_return set(struct alarm *self, struct process *caller,
                                 uint32_t reference, uint32_t dt)
{
    struct grant grant;
    enum tock_error error = grant_enter(&self->driver, caller, &grant);

    if (error != TOCK_OK)
        return command_failure(error);

    struct alarm_grant *alarm = GRANT_DATA(&grant, struct alarm_grant);

    *alarm = (struct alarm_grant){reference, dt, true};
    fire_if_due(self, caller, alarm, now(self));
    grant_leave(&grant);
    arm_next(self);
    return command_success_u32(reference + dt);
}

static struct command_return stop(struct alarm *self, struct process *caller)
{
    struct grant grant;
    enum tock_error error = grant_enter(&self->driver, caller, &grant);

    if (error != TOCK_OK)
        return command_failure(error);

    struct alarm_grant *alarm = GRANT_DATA(&grant, struct alarm_grant);

    error = alarm->is_armed ? TOCK_OK : TOCK_ALREADY;
    alarm->is_armed = false;
    grant_leave(&grant);
    arm_next(self);
    return command_status(error);
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct alarm *self = CAPSULE_SELF(struct alarm, driver, driver);

    switch (number) {
    case CMD_EXISTS:
        return command_success();
    case CMD_FREQUENCY:
        return command_success_u32(self->hardware->frequency_hz);
    case CMD_NOW:
        return command_success_u32(now(self));
    case CMD_STOP:
        return stop(self, caller);
    case CMD_SET_RELATIVE:
        return set(self, caller, now(self), arg0);
    case CMD_SET_ABSOLUTE:
        return set(self, caller, arg0, arg1);
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

static void process_gone(struct driver *driver, struct process_ref gone)
{
    struct alarm *self = CAPSULE_SELF(struct alarm, driver, driver);

    (void)gone;
    arm_next(self);
}

void alarm_init(struct alarm *self, struct hil_alarm *hardware)
{
    static const struct driver_ops ops = {
        .command = command,
        .process_gone = process_gone,
    };
    static const struct grant_layout layout = {
        .upcalls = 1,
        .size = sizeof(struct alarm_grant),
    };
    static const struct hil_alarm_client_ops client_ops = {.fired = fired};

    *self = (struct alarm){
        .driver = {.ops = &ops, .grant = &layout},
        .client = {&client_ops},
        .hardware = hardware,
    };
    hardware->client = &self->client;
}
