/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* The MPS2 alarm over register blocks in memory; the test moves the counter. */
#include "chips/mps2/alarm.c"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

TestSuite(mps2_alarm, .timeout = 5);

#define CLOCKS_PER_TICK 25u
#define TIMER_ON        (TIMER_ENABLE | TIMER_INTERRUPT)

static struct fpgaio_regs fpgaio;
static struct cmsdk_timer_regs timer;
static struct mps2_alarm alarm_under_test;

static struct deferred *waiting;
static unsigned fired_calls;

void deferred_set(struct deferred *self)
{
    self->is_set = true;
    waiting = self;
}

static void run_deferred(void)
{
    struct deferred *one = waiting;

    waiting = NULL;
    if (one == NULL)
        return;
    one->is_set = false;
    one->run(one);
}

static void on_fired(struct hil_alarm_client *self)
{
    (void)self;
    fired_calls++;
}

static const struct hil_alarm_client_ops client_ops = {on_fired};
static struct hil_alarm_client client = {&client_ops};

static struct hil_alarm *start(uint32_t counter)
{
    mps2_alarm_init(&alarm_under_test, &fpgaio, &timer,
                    CLOCKS_PER_TICK * MPS2_ALARM_HZ);
    alarm_under_test.alarm.client = &client;
    fpgaio.counter = counter;
    return &alarm_under_test.alarm;
}

/* The timer has run down after this many ticks. */
static void expire(uint32_t ticks)
{
    fpgaio.counter += ticks;
    mps2_alarm_serve(&alarm_under_test);
    run_deferred();
}

Test(mps2_alarm, counter_is_prescaled_to_its_frequency)
{
    struct hil_alarm *a = start(77);

    cr_expect(eq(u32, fpgaio.prescale, CLOCKS_PER_TICK - 1));
    cr_expect(eq(u32, a->frequency_hz, 1000000));
    cr_expect(eq(u32, a->ops->now(a), 77));
}

Test(mps2_alarm, timer_runs_for_the_ticks_that_are_left)
{
    struct hil_alarm *a = start(1000);

    a->ops->set(a, 990, 50);
    cr_expect(eq(u32, timer.value, 40 * CLOCKS_PER_TICK));
    cr_expect(eq(u32, timer.reload, 0));
    cr_expect(eq(u32, timer.ctrl, TIMER_ON));
    run_deferred();
    cr_expect(eq(uint, fired_calls, 0));
    expire(40);
    cr_expect(eq(uint, fired_calls, 1));
    cr_expect(eq(u32, timer.ctrl, 0));
}

Test(mps2_alarm, one_that_is_due_calls_at_once_but_not_inside_set)
{
    struct hil_alarm *a = start(1000);

    a->ops->set(a, 900, 100);
    cr_expect(eq(uint, fired_calls, 0));
    run_deferred();
    cr_expect(eq(uint, fired_calls, 1));
}

Test(mps2_alarm, distance_zero_is_due)
{
    struct hil_alarm *a = start(1000);

    a->ops->set(a, 1000, 0);
    run_deferred();
    cr_expect(eq(uint, fired_calls, 1));
}

Test(mps2_alarm, a_timer_ahead_of_the_counter_does_not_fire_early)
{
    struct hil_alarm *a = start(0);

    a->ops->set(a, 0, 100);
    expire(99);
    cr_expect(eq(uint, fired_calls, 0));
    cr_expect(eq(u32, timer.value, CLOCKS_PER_TICK));
    cr_expect(eq(u32, timer.ctrl, TIMER_ON));
    expire(1);
    cr_expect(eq(uint, fired_calls, 1));
}

Test(mps2_alarm, reference_may_lie_before_the_wrap)
{
    struct hil_alarm *a = start(5);

    a->ops->set(a, 0xfffffff0u, 30);
    cr_expect(eq(u32, timer.value, 9 * CLOCKS_PER_TICK));
    expire(9);
    cr_expect(eq(uint, fired_calls, 1));
}

/* 2^32 - 1 ticks are more than the 32-bit timer can count at 25 a tick. */
Test(mps2_alarm, longest_distance_takes_several_runs_of_the_timer)
{
    struct hil_alarm *a = start(0);
    uint64_t passed = 0;

    a->ops->set(a, 0, UINT32_MAX);
    while (fired_calls == 0) {
        uint32_t ticks = timer.value / CLOCKS_PER_TICK;

        cr_assert(eq(u32, timer.ctrl, TIMER_ON));
        passed += ticks;
        expire(ticks);
    }
    cr_expect(eq(u64, passed, UINT32_MAX));
}

/*
 * Due in 8 ticks, 2^32 - 8 after its reference, and served when the counter
 * is past the reference again.
 */
Test(mps2_alarm, nearly_the_longest_distance_served_late_still_fires)
{
    struct hil_alarm *a = start(100);

    a->ops->set(a, 116, UINT32_MAX - 7);
    cr_assert(eq(u32, timer.value, 8 * CLOCKS_PER_TICK));
    expire(30);
    cr_expect(eq(uint, fired_calls, 1));
}

Test(mps2_alarm, what_was_disarmed_does_not_fire)
{
    struct hil_alarm *a = start(0);

    a->ops->set(a, 0, 10);
    a->ops->disarm(a);
    cr_expect(eq(u32, timer.ctrl, 0));
    expire(20);
    cr_expect(eq(uint, fired_calls, 0));
}

Test(mps2_alarm, what_was_due_and_then_disarmed_does_not_fire)
{
    struct hil_alarm *a = start(0);

    a->ops->set(a, 0, 0);
    a->ops->disarm(a);
    run_deferred();
    cr_expect(eq(uint, fired_calls, 0));
}

Test(mps2_alarm, setting_replaces_what_was_due)
{
    struct hil_alarm *a = start(0);

    a->ops->set(a, 0, 0);
    a->ops->set(a, 0, 10);
    run_deferred();
    cr_expect(eq(uint, fired_calls, 0));
    expire(10);
    cr_expect(eq(uint, fired_calls, 1));
}
