/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "mps2/alarm.h"

#include "regs.h"

enum { TIMER_ENABLE = 1 << 0, TIMER_INTERRUPT = 1 << 3 };

static uint32_t now(struct hil_alarm *alarm)
{
    return ((struct mps2_alarm *)alarm)->fpgaio->counter;
}

static void stop_timer(struct cmsdk_timer_regs *timer)
{
    timer->ctrl = 0;
    timer->intstatus = 1;
}

/*
 * Once, for this many clocks. The reload value must be written first: with
 * QEMU, writing it resets the running value.
 */
static void start_timer(struct cmsdk_timer_regs *timer, uint32_t clocks)
{
    stop_timer(timer);
    timer->reload = 0;
    timer->value = clocks;
    timer->ctrl = TIMER_ENABLE | TIMER_INTERRUPT;
}

/*
 * Due now, or the timer on for the time that is left or a part of it. The
 * reference moves along: with the first one, an alarm of nearly 2^32 ticks
 * that is served a little late would seem to lie in the future again.
 */
static void proceed(struct mps2_alarm *self)
{
    uint32_t at = self->fpgaio->counter;
    uint32_t elapsed = at - self->reference;

    if (elapsed >= self->dt) {
        self->is_armed = false;
        self->is_due = true;
        deferred_set(&self->fired);
        return;
    }

    uint32_t left = self->dt - elapsed;
    uint32_t longest = UINT32_MAX / self->clocks_per_tick;

    self->is_armed = true;
    self->reference = at;
    self->dt = left;
    start_timer(self->timer,
                (left < longest ? left : longest) * self->clocks_per_tick);
}

void mps2_alarm_serve(struct mps2_alarm *self)
{
    stop_timer(self->timer);
    if (self->is_armed)
        proceed(self);
}

static void disarm(struct hil_alarm *alarm)
{
    struct mps2_alarm *self = (struct mps2_alarm *)alarm;

    stop_timer(self->timer);
    self->is_armed = false;
    self->is_due = false;
}

static void set(struct hil_alarm *alarm, uint32_t reference, uint32_t dt)
{
    struct mps2_alarm *self = (struct mps2_alarm *)alarm;

    disarm(alarm);
    self->reference = reference;
    self->dt = dt;
    proceed(self);
}

/* What was due may have been disarmed since. */
static void call_client(struct deferred *fired)
{
    struct mps2_alarm *self =
        (struct mps2_alarm *)(void *)((char *)fired -
                                      offsetof(struct mps2_alarm, fired));

    if (!self->is_due)
        return;
    self->is_due = false;
    self->alarm.client->ops->fired(self->alarm.client);
}

static const struct hil_alarm_ops ops = {now, set, disarm};

void mps2_alarm_init(struct mps2_alarm *self, struct fpgaio_regs *fpgaio,
                     struct cmsdk_timer_regs *timer, uint32_t clock_hz)
{
    self->fpgaio = fpgaio;
    self->timer = timer;
    self->alarm.ops = &ops;
    self->alarm.frequency_hz = MPS2_ALARM_HZ;
    self->fired.run = call_client;
    self->clocks_per_tick = clock_hz / MPS2_ALARM_HZ;
    self->fpgaio->prescale = self->clocks_per_tick - 1;
    stop_timer(self->timer);
}
