/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "mps2/alarm.h"

#include "regs.h"

#include <stddef.h>

struct fpgaio_regs {
    volatile uint32_t led0;
    uint32_t reserved0;
    volatile uint32_t button;
    uint32_t reserved1;
    volatile uint32_t clk1hz;
    volatile uint32_t clk100hz;
    volatile uint32_t counter;  /* up, one step per prescale + 1 clocks */
    volatile uint32_t prescale; /* reload value of its prescaler        */
};

_Static_assert(offsetof(struct fpgaio_regs, counter) == 0x18, "COUNTER");

struct timer_regs {
    volatile uint32_t ctrl;
    volatile uint32_t value; /* down, one step per clock           */
    volatile uint32_t reload;
    volatile uint32_t intclear; /* read: status; write 1 to clear  */
};

_Static_assert(offsetof(struct timer_regs, intclear) == 0x0c, "INTCLEAR");

enum { TIMER_ENABLE = 1 << 0, TIMER_INTERRUPT = 1 << 3 };

#define FPGAIO ((struct fpgaio_regs *)MPS2_FPGAIO)
#define TIMER  ((struct timer_regs *)MPS2_CMSDK_TIMER0)

static uint32_t now(struct hil_alarm *alarm)
{
    (void)alarm;
    return FPGAIO->counter;
}

static void stop_timer(void)
{
    TIMER->ctrl = 0;
    TIMER->intclear = 1;
}

/*
 * Once, for this many clocks. The reload value must be written first: with
 * QEMU, writing it resets the running value.
 */
static void start_timer(uint32_t clocks)
{
    stop_timer();
    TIMER->reload = 0;
    TIMER->value = clocks;
    TIMER->ctrl = TIMER_ENABLE | TIMER_INTERRUPT;
}

/*
 * Due now, or the timer on for the time that is left or a part of it. The
 * reference moves along: with the first one, an alarm of nearly 2^32 ticks
 * that is served a little late would seem to lie in the future again.
 */
static void proceed(struct mps2_alarm *self)
{
    uint32_t at = FPGAIO->counter;
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
    start_timer((left < longest ? left : longest) * self->clocks_per_tick);
}

void mps2_alarm_serve(struct mps2_alarm *self)
{
    stop_timer();
    if (self->is_armed)
        proceed(self);
}

static void disarm(struct hil_alarm *alarm)
{
    struct mps2_alarm *self = (struct mps2_alarm *)alarm;

    stop_timer();
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

void mps2_alarm_init(struct mps2_alarm *self, uint32_t clock_hz)
{
    self->alarm.ops = &ops;
    self->alarm.frequency_hz = MPS2_ALARM_HZ;
    self->fired.run = call_client;
    self->clocks_per_tick = clock_hz / MPS2_ALARM_HZ;
    FPGAIO->prescale = self->clocks_per_tick - 1;
    stop_timer();
}
