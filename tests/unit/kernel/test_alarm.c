/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

TestSuite(alarm, .timeout = 10);

static void boot_apps(int count)
{
    board_power_on();
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
}

static struct process *boot_one(void)
{
    boot_apps(1);
    return &board.processes[0];
}

static uint32_t set_relative(struct process *p, uint32_t dt)
{
    const uint32_t *r = command(p, ALARM, 5, dt, 0);

    cr_assert(eq(u32, r[0], TOCK_SUCCESS_U32));
    return r[1];
}

static uint32_t set_absolute(struct process *p, uint32_t reference, uint32_t dt)
{
    const uint32_t *r = command(p, ALARM, 6, reference, dt);

    cr_assert(eq(u32, r[0], TOCK_SUCCESS_U32));
    return r[1];
}

static void pass(uint32_t ticks)
{
    host_alarm_advance(ticks);
    settle();
}

static unsigned fired(const struct process *p)
{
    return p->upcalls.count;
}

/* --- commands ------------------------------------------------------------- */

Test(alarm, answers_existence_frequency_and_time)
{
    struct process *p = boot_one();

    host_alarm.now = 0x12345678;
    EXPECT_REGS(command(p, ALARM, 0, 2, 3), TOCK_SUCCESS, 0, 2, 3);
    EXPECT_REGS(command(p, ALARM, 1, 2, 3), TOCK_SUCCESS_U32, 1000000, 2, 3);
    EXPECT_REGS(command(p, ALARM, 2, 2, 3), TOCK_SUCCESS_U32, 0x12345678, 2, 3);
    EXPECT_REGS(command(p, ALARM, 4, 2, 3), TOCK_FAILURE, TOCK_NOSUPPORT, 2, 3);
    EXPECT_REGS(command(p, ALARM, 7, 2, 3), TOCK_FAILURE, TOCK_NOSUPPORT, 2, 3);
}

Test(alarm, stop_answers_already_when_nothing_is_armed)
{
    struct process *p = boot_one();

    EXPECT_REGS(command(p, ALARM, 3, 2, 3), TOCK_FAILURE, TOCK_ALREADY, 2, 3);
    set_relative(p, 100);
    EXPECT_REGS(command(p, ALARM, 3, 2, 3), TOCK_SUCCESS, 3, 2, 3);
    EXPECT_REGS(command(p, ALARM, 3, 2, 3), TOCK_FAILURE, TOCK_ALREADY, 2, 3);
    pass(200);
    cr_expect(eq(u32, fired(p), 0));
    cr_expect(not(host_alarm.is_armed));
}

/* --- firing --------------------------------------------------------------- */

Test(alarm, fires_at_its_time_once_with_now_and_expiration)
{
    struct process *p = boot_one();

    host_alarm.now = 1000;
    cr_expect(eq(u32, set_relative(p, 500), 1500));
    pass(499);
    cr_expect(eq(u32, fired(p), 0));
    pass(11);
    yield_wait_for(p, ALARM, 0);
    settle();
    EXPECT_REGS(p->context.regs, 1510, 1500, 0, 0);
    pass(100000);
    cr_expect(eq(u32, fired(p), 0));
    EXPECT_REGS(command(p, ALARM, 3, 2, 3), TOCK_FAILURE, TOCK_ALREADY, 2, 3);
}

Test(alarm, an_alarm_in_the_past_fires_before_the_command_returns)
{
    static const uint32_t rows[][2] = {{900, 100}, {900, 50}, {1000, 0}};
    struct process *p = boot_one();

    host_alarm.now = 1000;
    for (unsigned i = 0; i < ARRAY_COUNT(rows); i++) {
        set_absolute(p, rows[i][0], rows[i][1]);
        cr_assert(eq(u32, fired(p), 1));
        yield_wait_for(p, ALARM, 0);
        settle();
        EXPECT_REGS(p->context.regs, 1000, rows[i][0] + rows[i][1], 0, 0);
    }
}

Test(alarm, a_reference_in_the_future_is_a_long_time_ago)
{
    struct process *p = boot_one();

    host_alarm.now = 1000;
    set_absolute(p, 1001, 10); /* now is not in [1001, 1011) */
    cr_expect(eq(u32, fired(p), 1));
}

Test(alarm, works_across_the_wrap_of_the_counter)
{
    struct process *p = boot_one();

    host_alarm.now = 0xfffffff0;
    cr_expect(eq(u32, set_relative(p, 0x20), 0x10));
    pass(0x1f);
    cr_expect(eq(u32, fired(p), 0));
    pass(1);
    cr_expect(eq(u32, fired(p), 1));
}

Test(alarm, the_longest_alarm_is_not_early)
{
    struct process *p = boot_one();

    host_alarm.now = 77;
    set_relative(p, 0xffffffff);
    pass(0xfffffffe);
    cr_expect(eq(u32, fired(p), 0));
    pass(1);
    cr_expect(eq(u32, fired(p), 1));
}

/* Service comes late, when the counter has wrapped past the reference. */
Test(alarm, the_longest_alarm_served_late_still_fires)
{
    struct process *p = boot_one();
    uint32_t expiration = set_relative(p, UINT32_MAX);

    pass(0x80000000u);
    cr_expect(eq(u32, fired(p), 0));
    host_alarm.now += 0x7fffffffu + 5;
    pass(0);
    cr_assert(eq(u32, fired(p), 1));
    yield_wait_for(p, ALARM, 0);
    settle();
    cr_expect(eq(u32, p->context.regs[1], expiration));
    cr_expect(eq(u32, p->context.regs[0] - expiration, 5));
}

Test(alarm, long_alarms_keep_their_time_while_short_ones_come_and_go)
{
    struct process *p;
    uint32_t start;

    boot_apps(2);
    p = board.processes;
    start = host_alarm.now;
    set_relative(&p[0], 0xfffff000u);
    for (int i = 0; i < 15; i++) {
        set_relative(&p[1], 0x10000000u);
        pass(0x10000000u + (uint32_t)i);
        cr_expect(eq(u32, fired(&p[0]), 0));
        yield_wait_for(&p[1], ALARM, 0);
        settle();
        cr_expect(eq(u8, p[1].state, PROCESS_RUNNING));
    }
    pass(start + 0xfffff000u - host_alarm.now - 1);
    cr_expect(eq(u32, fired(&p[0]), 0));
    pass(1);
    cr_expect(eq(u32, fired(&p[0]), 1));
}

Test(alarm, arming_again_replaces)
{
    struct process *p = boot_one();

    set_relative(p, 100);
    set_relative(p, 1000);
    pass(500);
    cr_expect(eq(u32, fired(p), 0));
    set_relative(p, 10);
    pass(10);
    cr_expect(eq(u32, fired(p), 1));
}

/* --- many processes ------------------------------------------------------- */

Test(alarm, each_process_has_its_own)
{
    static const uint32_t dts[] = {100, 300, 200};

    boot_apps(3);
    for (uint32_t i = 0; i < 3; i++)
        set_relative(&board.processes[i], dts[i]);
    for (uint32_t passed = 100; passed <= 300; passed += 100) {
        pass(100);
        for (uint32_t i = 0; i < 3; i++)
            cr_expect(
                eq(u32, fired(&board.processes[i]), dts[i] <= passed ? 1 : 0));
    }
}

Test(alarm, one_interrupt_serves_all_that_are_due)
{
    boot_apps(3);
    for (uint32_t i = 0; i < 3; i++)
        set_relative(&board.processes[i], 100 + i);
    pass(1000);
    for (uint32_t i = 0; i < 3; i++)
        cr_expect(eq(u32, fired(&board.processes[i]), 1));
}

Test(alarm, ends_with_its_process)
{
    boot_apps(2);
    set_relative(&board.processes[0], 100);
    call(&board.processes[0], TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    settle();
    cr_expect(not(host_alarm.is_armed));
    pass(200);
    cr_expect(eq(u32, fired(&board.processes[0]), 0));
}

/* --- the multiplexer ------------------------------------------------------ */

struct user {
    struct hil_alarm_client client;
    struct hil_alarm *alarm;
    struct alarm_mux_device device;
    unsigned fired;
    uint32_t again; /* dt to arm with in the callback; 0: none */
};

static struct user users[2];

static void on_fired(struct hil_alarm_client *client)
{
    struct user *user = CAPSULE_SELF(struct user, client, client);

    user->fired++;
    if (user->again != 0)
        user->alarm->ops->set(user->alarm, host_alarm.now, user->again);
}

static const struct hil_alarm_client_ops client_ops = {on_fired};

static void boot_users(void)
{
    board_power_on();
    for (int i = 0; i < 2; i++) {
        users[i] = (struct user){.client = {&client_ops}};
        users[i].alarm = alarm_mux_add(&board.alarm_mux, &users[i].device);
        users[i].alarm->client = &users[i].client;
    }
    board_boot();
}

static void set(struct user *user, uint32_t reference, uint32_t dt)
{
    user->alarm->ops->set(user->alarm, reference, dt);
}

Test(alarm, the_mux_knows_frequency_and_time)
{
    boot_users();
    host_alarm.now = 5;
    cr_expect(eq(u32, users[0].alarm->frequency_hz, 1000000));
    cr_expect(eq(u32, users[0].alarm->ops->now(users[0].alarm), 5));
}

Test(alarm, the_mux_arms_for_the_one_that_is_due_next)
{
    boot_users();
    set(&users[0], 0, 100);
    set(&users[1], 0, 50);
    cr_expect(eq(u32, host_alarm.dt, 50));
    pass(50);
    cr_expect(eq(u32, users[1].fired, 1));
    cr_expect(eq(u32, users[0].fired, 0));
    pass(50);
    cr_expect(eq(u32, users[0].fired, 1));
    cr_expect(not(host_alarm.is_armed));
}

Test(alarm, a_client_of_the_mux_can_arm_again_in_its_callback)
{
    boot_users();
    users[0].again = 10;
    set(&users[0], 0, 10);
    set(&users[1], 0, 35);
    for (int i = 0; i < 4; i++)
        pass(10);
    cr_expect(eq(u32, users[0].fired, 4));
    cr_expect(eq(u32, users[1].fired, 1));
}

Test(alarm, a_disarmed_device_does_not_fire)
{
    boot_users();
    set(&users[0], 0, 100);
    set(&users[1], 0, 50);
    users[1].alarm->ops->disarm(users[1].alarm);
    cr_expect(eq(u32, host_alarm.dt, 100));
    pass(60);
    cr_expect(eq(u32, users[1].fired, 0));
    users[0].alarm->ops->disarm(users[0].alarm);
    cr_expect(not(host_alarm.is_armed));
}
