/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "qemu_rv32_virt/clint.h"

#include <stddef.h>

struct clint_regs {
    uint32_t msip[0x1000];
    struct {
        uint32_t low;
        uint32_t high;
    } mtimecmp[0xfff]; /* by hart */
    struct {
        uint32_t low;
        uint32_t high;
    } mtime;
};

_Static_assert(offsetof(struct clint_regs, mtimecmp) == 0x4000, "CLINT");
_Static_assert(offsetof(struct clint_regs, mtime) == 0xbff8, "CLINT");

enum { BOOT_HART = 0 };

static uint64_t read_time(const struct clint *self)
{
    volatile struct clint_regs *regs = self->regs;
    uint32_t high, low;

    do {
        high = regs->mtime.high;
        low = regs->mtime.low;
    } while (high != regs->mtime.high);
    return (uint64_t)high << 32 | low;
}

/* The comparator never holds a time before the old and the new one. */
static void update_comparator(struct clint *self)
{
    volatile struct clint_regs *regs = self->regs;
    uint64_t due =
        self->alarm_due < self->slice_due ? self->alarm_due : self->slice_due;

    if (due == self->compared)
        return;
    self->compared = due;
    regs->mtimecmp[BOOT_HART].high = UINT32_MAX;
    regs->mtimecmp[BOOT_HART].low = (uint32_t)due;
    regs->mtimecmp[BOOT_HART].high = (uint32_t)(due >> 32);
}

static struct clint *of_alarm(struct hil_alarm *alarm)
{
    return (void *)((char *)alarm - offsetof(struct clint, alarm));
}

static uint32_t alarm_now(struct hil_alarm *alarm)
{
    return (uint32_t)read_time(of_alarm(alarm));
}

static void alarm_set(struct hil_alarm *alarm, uint32_t reference, uint32_t dt)
{
    struct clint *self = of_alarm(alarm);
    uint64_t now = read_time(self);
    uint32_t elapsed = (uint32_t)now - reference;

    self->alarm_due = elapsed < dt ? now + (dt - elapsed) : now;
    update_comparator(self);
}

static void alarm_disarm(struct hil_alarm *alarm)
{
    struct clint *self = of_alarm(alarm);

    self->alarm_due = CLINT_NEVER;
    update_comparator(self);
}

static const struct hil_alarm_ops alarm_ops = {
    .now = alarm_now,
    .set = alarm_set,
    .disarm = alarm_disarm,
};

static struct clint *of_slice(struct hil_slice_timer *slice)
{
    return (void *)((char *)slice - offsetof(struct clint, slice));
}

static void slice_start(struct hil_slice_timer *slice, uint32_t slice_us)
{
    struct clint *self = of_slice(slice);

    self->slice_due = read_time(self) + (uint64_t)slice_us * self->ticks_per_us;
    update_comparator(self);
}

/* An expired slice does not go on interrupting once somebody knows of it. */
static uint32_t slice_remaining_us(struct hil_slice_timer *slice)
{
    struct clint *self = of_slice(slice);
    uint64_t now = read_time(self);

    if (now >= self->slice_due) {
        self->slice_due = CLINT_NEVER;
        update_comparator(self);
    }
    if (self->slice_due == CLINT_NEVER)
        return 0;
    /* At most 400 000 us: the difference fits 32 bits. */
    return (uint32_t)(self->slice_due - now) / self->ticks_per_us;
}

static void slice_stop(struct hil_slice_timer *slice)
{
    struct clint *self = of_slice(slice);

    self->slice_due = CLINT_NEVER;
    update_comparator(self);
}

static const struct hil_slice_timer_ops slice_ops = {
    .start = slice_start,
    .remaining_us = slice_remaining_us,
    .stop = slice_stop,
};

void clint_serve(struct clint *self)
{
    uint64_t now = read_time(self);
    bool alarm_fired = now >= self->alarm_due;

    if (now >= self->slice_due)
        self->slice_due = CLINT_NEVER;
    if (alarm_fired)
        self->alarm_due = CLINT_NEVER;
    update_comparator(self);
    if (alarm_fired)
        self->alarm.client->ops->fired(self->alarm.client);
}

void clint_init(struct clint *self, volatile struct clint_regs *regs,
                uint32_t frequency_hz)
{
    self->alarm.ops = &alarm_ops;
    self->alarm.frequency_hz = frequency_hz;
    self->slice.ops = &slice_ops;
    self->ticks_per_us = frequency_hz / 1000000;
    self->regs = regs;
    self->alarm_due = CLINT_NEVER;
    self->slice_due = CLINT_NEVER;
    self->compared = 0; /* the reset value; it is due at once */
    update_comparator(self);
}
