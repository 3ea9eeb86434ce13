/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* The CLINT driver over a register block in memory. */
#include "chips/qemu_rv32_virt/clint.c"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

TestSuite(clint, .timeout = 5);

#define SECOND 10000000u /* ticks */

static struct clint_regs regs;
static struct clint clint;
static unsigned fired;

static void on_fired(struct hil_alarm_client *self)
{
    (void)self;
    fired++;
}

static const struct hil_alarm_client_ops client_ops = {.fired = on_fired};
static struct hil_alarm_client client = {.ops = &client_ops};

static void set_time(uint64_t now)
{
    regs.mtime.high = (uint32_t)(now >> 32);
    regs.mtime.low = (uint32_t)now;
}

static uint64_t compared(void)
{
    return (uint64_t)regs.mtimecmp[0].high << 32 | regs.mtimecmp[0].low;
}

static void start_at(uint64_t now)
{
    set_time(now);
    clint_init(&clint, &regs, SECOND);
    clint.alarm.client = &client;
    fired = 0;
}

static void set_alarm(uint32_t reference, uint32_t dt)
{
    clint.alarm.ops->set(&clint.alarm, reference, dt);
}

static void start_slice(uint32_t slice_us)
{
    clint.slice.ops->start(&clint.slice, slice_us);
}

static uint32_t slice_left(void)
{
    return clint.slice.ops->remaining_us(&clint.slice);
}

Test(clint, nothing_is_armed_after_init)
{
    start_at(5);
    cr_expect(eq(u64, compared(), CLINT_NEVER));
    cr_expect(eq(u32, slice_left(), 0));
}

Test(clint, alarm_counts_from_its_reference)
{
    start_at(1000);
    set_alarm(900, 300);
    cr_expect(eq(u64, compared(), 1200));
}

Test(clint, alarm_in_the_past_is_due_now)
{
    start_at(1000);
    set_alarm(900, 100);
    cr_expect(eq(u64, compared(), 1000));
    set_alarm(899, 100);
    cr_expect(eq(u64, compared(), 1000));
    set_alarm(1001, 100); /* now is before the reference: long ago */
    cr_expect(eq(u64, compared(), 1000));
}

Test(clint, alarm_crosses_the_wrap_of_32_bits)
{
    start_at(0x5fffffff0);
    set_alarm(0xfffffff0, 0x20);
    cr_expect(eq(u64, compared(), 0x600000010));
    set_alarm(0xfffffff0, 0xffffffff);
    cr_expect(eq(u64, compared(), 0x6ffffffef));
}

Test(clint, alarm_never_fires_early_and_fires_once)
{
    start_at(1000);
    set_alarm(1000, 50);
    set_time(1049);
    clint_serve(&clint);
    cr_expect(eq(uint, fired, 0));
    set_time(1050);
    clint_serve(&clint);
    clint_serve(&clint);
    cr_expect(eq(uint, fired, 1));
    cr_expect(eq(u64, compared(), CLINT_NEVER));
}

Test(clint, disarmed_alarm_does_not_fire)
{
    start_at(1000);
    set_alarm(1000, 50);
    clint.alarm.ops->disarm(&clint.alarm);
    set_time(2000);
    clint_serve(&clint);
    cr_expect(eq(uint, fired, 0));
}

Test(clint, comparator_holds_the_nearer_of_alarm_and_slice)
{
    start_at(1000);
    start_slice(10000);
    cr_expect(eq(u64, compared(), 101000));
    set_alarm(1000, 500);
    cr_expect(eq(u64, compared(), 1500));
    set_time(1500);
    clint_serve(&clint);
    cr_expect(eq(uint, fired, 1));
    cr_expect(eq(u64, compared(), 101000));
    cr_expect(eq(u32, slice_left(), 9950));
}

Test(clint, expired_slice_stops_interrupting_and_leaves_the_alarm)
{
    start_at(0);
    set_alarm(0, SECOND);
    start_slice(100);
    set_time(1000);
    cr_expect(eq(u32, slice_left(), 0));
    clint_serve(&clint);
    cr_expect(eq(uint, fired, 0));
    cr_expect(eq(u64, compared(), SECOND));
    cr_expect(eq(u32, slice_left(), 0));
}

Test(clint, stopped_slice_has_nothing_left)
{
    start_at(0);
    start_slice(100);
    clint.slice.ops->stop(&clint.slice);
    cr_expect(eq(u64, compared(), CLINT_NEVER));
    cr_expect(eq(u32, slice_left(), 0));
}
