/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "drivers.h"
#include "extra/sensor.h"
#include "virtual/fixed_sensor.h"

TestSuite(sensor, .timeout = 10);

#define SENSOR 0x60000u /* whatever the kind */

static struct sensor driver;
static struct fixed_sensor sources[SENSOR_QUANTITIES];

/* A sensor that the test moves by hand. */
static struct hil_sensor manual;
static unsigned starts;
static uint32_t argument;
static enum tock_error refusal;

static enum tock_error manual_start(struct hil_sensor *self, uint32_t given)
{
    (void)self;
    if (refusal != TOCK_OK)
        return refusal;
    starts++;
    argument = given;
    return TOCK_OK;
}

static void answer(int32_t value, enum tock_error status)
{
    manual.client->ops->measured(manual.client, status,
                                 (struct hil_sample){value, 0, 0});
}

static struct process *boot_driver(int count)
{
    board.drivers[3] = (struct kernel_driver){SENSOR, &driver.driver};
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    return &board.processes[0];
}

/* The kind with all its quantities: 10 11 12, 20 21 22, 30 31 32. */
static struct process *boot(enum sensor_kind kind, uint32_t quantities)
{
    board_power_on();
    sensor_init(&driver, kind);
    for (int32_t i = 0; i < (int32_t)quantities; i++) {
        struct hil_sample sample = {10 * i + 10, 10 * i + 11, 10 * i + 12};

        sensor_set_source(&driver, (uint32_t)i,
                          fixed_sensor_init(&sources[i], sample));
    }
    return boot_driver(1);
}

static struct process *boot_manual(enum sensor_kind kind, int count)
{
    static const struct hil_sensor_ops ops = {manual_start};

    board_power_on();
    manual.ops = &ops;
    starts = 0;
    refusal = TOCK_OK;
    sensor_init(&driver, kind);
    sensor_set_source(&driver, 0, &manual);
    return boot_driver(count);
}

static void request(struct process *p, uint32_t number, uint32_t hours)
{
    EXPECT_REGS(command(p, SENSOR, number, hours, 8), TOCK_SUCCESS, number,
                hours, 8);
}

static void refuse(struct process *p, uint32_t number, uint32_t hours,
                   enum tock_error error)
{
    EXPECT_REGS(command(p, SENSOR, number, hours, 8), TOCK_FAILURE, error,
                hours, 8);
}

static void expect_upcall(struct process *p, uint32_t a, uint32_t b, uint32_t c)
{
    yield_wait_for(p, SENSOR, 0);
    settle();
    cr_assert(eq(u8, p->state, PROCESS_RUNNING), "no upcall");
    cr_expect(eq(u32, p->context.regs[0], a));
    cr_expect(eq(u32, p->context.regs[1], b));
    cr_expect(eq(u32, p->context.regs[2], c));
    cr_expect(eq(u32, p->upcalls.count, 0));
}

/* --- the table of sensor.h ------------------------------------------------ */

struct row {
    enum sensor_kind kind;
    uint32_t command;
    uint32_t argument;
    uint32_t words[3];
};

static const struct row rows[] = {
    {SENSOR_TEMPERATURE, 1, 0, {10, 0, 0}},
    {SENSOR_HUMIDITY, 1, 0, {10, 0, 0}},
    {SENSOR_LIGHT, 1, 0, {10, 0, 0}},
    {SENSOR_NINE_AXES, 1, 0, {10, 11, 12}},
    {SENSOR_NINE_AXES, 100, 0, {20, 21, 22}},
    {SENSOR_NINE_AXES, 200, 0, {30, 31, 32}},
    {SENSOR_PROXIMITY, 1, 0, {10, 0, 0}},
    {SENSOR_SOUND_PRESSURE, 1, 0, {10, 0, 0}},
    {SENSOR_AIR_QUALITY, 2, 0, {10, 0, 0}},
    {SENSOR_AIR_QUALITY, 3, 0, {20, 0, 0}},
    {SENSOR_PRESSURE, 1, 0, {0, 10, 0}},
    {SENSOR_DISTANCE, 1, 0, {0, 10, 0}},
    {SENSOR_MOISTURE, 1, 0, {0, 10, 0}},
    {SENSOR_RAINFALL, 1, 1, {0, 10, 0}},
    {SENSOR_RAINFALL, 1, 24, {0, 10, 0}},
};

static uint32_t quantities_of(enum sensor_kind kind)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < ARRAY_COUNT(rows); i++)
        count += rows[i].kind == kind;
    return kind == SENSOR_RAINFALL ? 1 : count;
}

Test(sensor, each_command_measures_what_the_table_says)
{
    for (uint32_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const struct row *row = &rows[i];
        struct process *p = boot(row->kind, quantities_of(row->kind));

        EXPECT_REGS(command(p, SENSOR, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
        request(p, row->command, row->argument);
        expect_upcall(p, row->words[0], row->words[1], row->words[2]);
    }
}

static bool is_known(enum sensor_kind kind, uint32_t number)
{
    bool has_more = kind == SENSOR_SOUND_PRESSURE || kind == SENSOR_DISTANCE;

    if (kind == SENSOR_PROXIMITY && number == 2)
        return true;

    for (uint32_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (rows[i].kind == kind && rows[i].command == number)
            return true;
    }
    return has_more && (number == 2 || number == 3);
}

Test(sensor, other_commands_are_nosupport)
{
    for (uint32_t kind = 0; kind < SENSOR_KINDS; kind++) {
        struct process *p =
            boot((enum sensor_kind)kind, quantities_of((enum sensor_kind)kind));

        for (uint32_t number = 1; number < 5; number++) {
            if (!is_known((enum sensor_kind)kind, number))
                refuse(p, number, 1, TOCK_NOSUPPORT);
        }
        refuse(p, 201, 1, TOCK_NOSUPPORT);
        refuse(p, UINT32_MAX, 1, TOCK_NOSUPPORT);
    }
}

Test(sensor, negative_values_keep_their_sign)
{
    struct process *p = boot(SENSOR_TEMPERATURE, 1);

    fixed_sensor_set(&sources[0], (struct hil_sample){-1234, 0, 0});
    request(p, 1, 0);
    expect_upcall(p, (uint32_t)-1234, 0, 0);
}

Test(sensor, sound_pressure_is_switched_and_distance_has_a_range)
{
    struct process *p = boot(SENSOR_SOUND_PRESSURE, 1);

    request(p, 2, 0);
    request(p, 3, 0);
    cr_expect(eq(u32, p->upcalls.count, 0));
    p = boot(SENSOR_DISTANCE, 1);
    sensor_set_range(&driver, 20, 4000);
    EXPECT_REGS(command(p, SENSOR, 2, 7, 8), TOCK_SUCCESS_U32, 20, 7, 8);
    EXPECT_REGS(command(p, SENSOR, 3, 7, 8), TOCK_SUCCESS_U32, 4000, 7, 8);
}

/* --- proximity's bounds ----------------------------------------------------
 */

static void watch(struct process *p, uint32_t low, uint32_t high)
{
    EXPECT_REGS(command(p, SENSOR, 2, low, high), TOCK_SUCCESS, 2, low, high);
}

static void set(int32_t value)
{
    fixed_sensor_set(&sources[0], (struct hil_sample){value, 0, 0});
    settle();
}

/* The watch stays at the first value and ends with the second. */
static void expect_end(struct process *p, int32_t stays, int32_t ends)
{
    settle();
    set(stays);
    yield_wait_for(p, SENSOR, 0);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_YIELDED_FOR));
    set(ends);
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    cr_expect(eq(u32, p->context.regs[0], (uint32_t)ends));
}

Test(sensor, a_watch_ends_with_the_first_value_outside_of_its_bounds)
{
    struct process *p = boot(SENSOR_PROXIMITY, 1);

    watch(p, 10, 175);
    refuse(p, 1, 0, TOCK_BUSY);
    refuse(p, 2, 0, TOCK_BUSY);
    expect_end(p, 175, 176);
    set(200);
    watch(p, 0x10a, 0xffffff00u + 250);
    expect_end(p, 10, 9);
}

Test(sensor, the_value_that_is_there_ends_a_watch)
{
    struct process *p = boot(SENSOR_PROXIMITY, 1);

    watch(p, 11, 255);
    expect_upcall(p, 10, 0, 0);
    request(p, 1, 0);
    expect_upcall(p, 10, 0, 0);
}

Test(sensor, a_measurement_for_another_leaves_a_watch_open)
{
    struct process *both = boot_manual(SENSOR_PROXIMITY, 2);

    watch(&both[0], 0, 100);
    settle();
    answer(50, TOCK_OK);
    request(&both[1], 1, 0);
    yield_wait_for(&both[0], SENSOR, 0);
    settle();
    answer(60, TOCK_OK);
    expect_upcall(&both[1], 60, 0, 0);
    cr_expect(eq(u8, both[0].state, PROCESS_YIELDED_FOR));
    cr_expect(eq(u32, starts, 2), "nothing is measured for nobody");
}

/* The measurement may have begun before. */
Test(sensor, a_change_while_it_measures_is_not_missed)
{
    struct process *p = boot_manual(SENSOR_PROXIMITY, 1);

    watch(p, 0, 100);
    settle();
    manual.client->ops->changed(manual.client);
    answer(50, TOCK_OK);
    settle();
    cr_expect(eq(u32, starts, 2));
    answer(101, TOCK_OK);
    expect_upcall(p, 101, 0, 0);
}

Test(sensor, a_failure_ends_a_watch)
{
    struct process *p = boot_manual(SENSOR_PROXIMITY, 1);

    watch(p, 0, 100);
    settle();
    answer(50, TOCK_FAIL);
    expect_upcall(p, 0, 0, 0);
}

Test(sensor, rainfall_wants_1_to_24_hours)
{
    struct process *p = boot_manual(SENSOR_RAINFALL, 1);

    refuse(p, 1, 0, TOCK_INVAL);
    refuse(p, 1, 25, TOCK_INVAL);
    refuse(p, 1, UINT32_MAX, TOCK_INVAL);
    request(p, 1, 12);
    settle();
    cr_expect(eq(u32, argument, 12));
}

Test(sensor, a_quantity_that_the_board_lacks_is_nosupport)
{
    struct process *p = boot(SENSOR_NINE_AXES, 1);

    request(p, 1, 0);
    expect_upcall(p, 10, 11, 12);
    refuse(p, 100, 0, TOCK_NOSUPPORT);
    refuse(p, 200, 0, TOCK_NOSUPPORT);
}

/* --- what goes wrong on the way ------------------------------------------- */

Test(sensor, a_second_request_is_busy_until_the_upcall)
{
    struct process *p = boot_manual(SENSOR_TEMPERATURE, 1);

    request(p, 1, 0);
    refuse(p, 1, 0, TOCK_BUSY);
    settle();
    refuse(p, 1, 0, TOCK_BUSY);
    answer(5, TOCK_OK);
    request(p, 1, 0);
    settle();
    answer(6, TOCK_OK);
    yield_wait_for(p, SENSOR, 0);
    expect_upcall(p, 6, 0, 0);
}

Test(sensor, light_takes_a_second_request_for_the_first)
{
    struct process *p = boot_manual(SENSOR_LIGHT, 1);

    request(p, 1, 0);
    request(p, 1, 0);
    settle();
    request(p, 1, 0);
    answer(5, TOCK_OK);
    expect_upcall(p, 5, 0, 0);
    settle();
    cr_expect(eq(uint, starts, 1));
}

Test(sensor, processes_that_want_the_same_share_a_measurement)
{
    struct process *p = boot_manual(SENSOR_TEMPERATURE, 3);
    struct process *other = &board.processes[1];

    request(p, 1, 0);
    settle();
    request(other, 1, 0);
    settle();
    cr_expect(eq(uint, starts, 1));
    answer(5, TOCK_OK);
    expect_upcall(p, 5, 0, 0);
    expect_upcall(other, 5, 0, 0);
    cr_expect(eq(u32, board.processes[2].upcalls.count, 0));
    cr_expect(eq(uint, starts, 1));
}

Test(sensor, different_measurements_go_one_after_the_other)
{
    struct process *p = boot_manual(SENSOR_RAINFALL, 3);

    for (uint32_t i = 0; i < 3; i++)
        request(&board.processes[i], 1, i + 1);
    for (uint32_t i = 0; i < 3; i++) {
        settle();
        cr_expect(eq(uint, starts, i + 1));
        answer((int32_t)argument, TOCK_OK);
    }
    for (uint32_t i = 0; i < 3; i++)
        expect_upcall(&board.processes[i], TOCK_OK, i + 1, 0);
    cr_expect(eq(u32, p->upcalls.count, 0));
}

Test(sensor, a_failure_is_told_with_a_status_or_as_0)
{
    struct process *p = boot_manual(SENSOR_DISTANCE, 1);

    request(p, 1, 0);
    settle();
    answer(77, TOCK_NOACK);
    expect_upcall(p, TOCK_NOACK, 0, 0);
    refusal = TOCK_OFF;
    request(p, 1, 0);
    expect_upcall(p, TOCK_OFF, 0, 0);
    refusal = TOCK_OK;
    request(p, 1, 0);
    settle();
    answer(78, TOCK_OK);
    expect_upcall(p, TOCK_OK, 78, 0);

    p = boot_manual(SENSOR_TEMPERATURE, 1);
    request(p, 1, 0);
    settle();
    answer(77, TOCK_FAIL);
    expect_upcall(p, 0, 0, 0);
}

Test(sensor, a_process_that_ends_leaves_the_sensor_to_others)
{
    struct process *p = boot_manual(SENSOR_RAINFALL, 2);
    struct process *other = &board.processes[1];

    request(p, 1, 1);
    settle();
    request(other, 1, 2);
    fault(p);
    answer(5, TOCK_OK);
    settle();
    cr_expect(eq(uint, starts, 2));
    answer(6, TOCK_OK);
    expect_upcall(other, TOCK_OK, 6, 0);
}

Test(sensor, a_restarted_process_gets_nothing_of_its_former_life)
{
    struct process *p = boot_manual(SENSOR_TEMPERATURE, 1);

    request(p, 1, 0);
    settle();
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    answer(5, TOCK_OK);
    settle();
    cr_expect(eq(u32, p->upcalls.count, 0));
}

Test(sensor, a_full_queue_loses_the_upcall_and_nothing_else)
{
    struct process *p = boot_manual(SENSOR_TEMPERATURE, 1);

    fill_queue(p);
    request(p, 1, 0);
    settle();
    answer(5, TOCK_OK);
    request(p, 1, 0);
    settle();
    cr_expect(eq(uint, starts, 2));
}

Test(sensor, without_memory_for_the_grant_it_answers_nomem)
{
    struct process *p = boot_manual(SENSOR_TEMPERATURE, 1);

    exhaust_grants(p);
    refuse(p, 1, 0, TOCK_NOMEM);
    EXPECT_REGS(command(p, SENSOR, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
}
