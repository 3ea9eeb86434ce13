/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* Pins and buttons, which are the same below the drivers. */
#include "core/button.h"
#include "core/gpio.h"
#include "drivers.h"
#include "virtual/simulated_pin.h"

TestSuite(gpio, .timeout = 10);
TestSuite(button, .timeout = 10);

#define GPIO   TOCK_DRIVER_GPIO
#define BUTTON TOCK_DRIVER_BUTTON

static struct simulated_pin pins[4]; /* 0 and 1 joined; 2 is a hole */
static struct simulated_pin knobs[2];
static struct gpio gpio;
static struct button button;

static struct process *boot(int count)
{
    board_power_on();
    gpio_init(&gpio);
    for (int i = 0; i < 4; i++) {
        struct hil_gpio *pin = simulated_pin_init(&pins[i], NULL);

        gpio_add(&gpio, i == 2 ? NULL : pin);
    }
    simulated_pin_join(&pins[0], &pins[1]);
    button_init(&button);
    button_add(&button, simulated_pin_init(&knobs[0], NULL), HIL_GPIO_PULL_NONE,
               true);
    button_add(&button, simulated_pin_init(&knobs[1], NULL), HIL_GPIO_PULL_UP,
               false);
    board.drivers[2] = (struct kernel_driver){BUTTON, &button.driver};
    board.drivers[3] = (struct kernel_driver){GPIO, &gpio.driver};
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    return &board.processes[0];
}

static void expect_upcall(struct process *p, uint32_t driver, uint32_t index,
                          uint32_t level)
{
    yield_wait_for(p, driver, 0);
    settle();
    cr_assert(eq(u8, p->state, PROCESS_RUNNING), "no upcall");
    EXPECT_REGS(p->context.regs, index, level, 0, 0);
}

static void expect_no_upcall(const struct process *p)
{
    settle();
    cr_expect(eq(u32, p->upcalls.count, 0));
}

static void expect_ok(struct process *p, uint32_t number, uint32_t pin,
                      uint32_t argument)
{
    EXPECT_REGS(command(p, GPIO, number, pin, argument), TOCK_SUCCESS, number,
                pin, argument);
}

static void expect_level(struct process *p, uint32_t pin, uint32_t level)
{
    EXPECT_REGS(command(p, GPIO, 6, pin, 8), TOCK_SUCCESS_U32, level, pin, 8);
}

/* --- the system call table of gpio.h -------------------------------------- */

Test(gpio, commands_0_and_10_say_what_there_is)
{
    struct process *p = boot(1);

    EXPECT_REGS(command(p, GPIO, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    EXPECT_REGS(command(p, GPIO, 10, 7, 8), TOCK_SUCCESS_U32, 4, 7, 8);
    EXPECT_REGS(command(p, GPIO, 11, 0, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 0, 8);
    EXPECT_REGS(command(p, GPIO, UINT32_MAX, 0, 8), TOCK_FAILURE,
                TOCK_NOSUPPORT, 0, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, GPIO, 1, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
}

Test(gpio, pins_that_are_not_there_are_told)
{
    struct process *p = boot(1);

    for (uint32_t number = 1; number <= 9; number++) {
        EXPECT_REGS(command(p, GPIO, number, 4, 0), TOCK_FAILURE, TOCK_INVAL, 4,
                    0);
        EXPECT_REGS(command(p, GPIO, number, UINT32_MAX, 0), TOCK_FAILURE,
                    TOCK_INVAL, UINT32_MAX, 0);
        EXPECT_REGS(command(p, GPIO, number, 2, 0), TOCK_FAILURE, TOCK_NODEVICE,
                    2, 0);
    }
}

Test(gpio, an_output_is_set_cleared_and_toggled)
{
    struct process *p = boot(1);

    expect_ok(p, 2, 0, 0); /* no output yet */
    expect_level(p, 1, 0);
    expect_ok(p, 1, 0, 0);
    expect_level(p, 0, 1);
    expect_level(p, 1, 1);
    expect_ok(p, 3, 0, 0);
    expect_level(p, 1, 0);
    expect_ok(p, 4, 0, 0);
    expect_level(p, 1, 1);
    expect_ok(p, 4, 0, 0);
    expect_level(p, 1, 0);
    expect_ok(p, 2, 0, 0);
    expect_ok(p, 9, 0, 0);
    expect_level(p, 0, 0);
    cr_expect(eq(int, pins[0].mode, SIMULATED_PIN_OFF));
}

Test(gpio, an_input_has_the_pull_that_was_asked_for)
{
    struct process *p = boot(1);

    expect_ok(p, 5, 3, 0);
    expect_level(p, 3, 0);
    expect_ok(p, 5, 3, 1);
    expect_level(p, 3, 1);
    expect_ok(p, 5, 3, 2);
    expect_level(p, 3, 0);
    EXPECT_REGS(command(p, GPIO, 5, 3, 3), TOCK_FAILURE, TOCK_NOSUPPORT, 3, 3);
    EXPECT_REGS(command(p, GPIO, 5, 3, 256), TOCK_FAILURE, TOCK_NOSUPPORT, 3,
                256);
}

Test(gpio, edges_are_told_as_asked_for)
{
    struct process *p = boot(1);

    expect_ok(p, 1, 0, 0);
    expect_ok(p, 7, 1, 0);
    expect_ok(p, 2, 0, 0);
    expect_upcall(p, GPIO, 1, 1);
    expect_ok(p, 3, 0, 0);
    expect_upcall(p, GPIO, 1, 0);
    expect_ok(p, 7, 1, 1);
    expect_ok(p, 2, 0, 0);
    expect_upcall(p, GPIO, 1, 1);
    expect_ok(p, 3, 0, 0);
    expect_no_upcall(p);
    expect_ok(p, 7, 1, 2);
    expect_ok(p, 2, 0, 0);
    expect_no_upcall(p);
    expect_ok(p, 3, 0, 0);
    expect_upcall(p, GPIO, 1, 0);
    EXPECT_REGS(command(p, GPIO, 7, 1, 3), TOCK_FAILURE, TOCK_NOSUPPORT, 1, 3);
    expect_ok(p, 8, 1, 0);
    expect_ok(p, 2, 0, 0);
    expect_no_upcall(p);
}

Test(gpio, every_process_that_asked_is_told_and_no_other)
{
    struct process *p = boot(3);
    struct process *other = &board.processes[1];

    expect_ok(p, 7, 3, 0);
    expect_ok(other, 7, 0, 0);
    simulated_pin_drive(&pins[3], true);
    settle();
    expect_upcall(p, GPIO, 3, 1);
    expect_upcall(other, GPIO, 3, 1);
    expect_no_upcall(&board.processes[2]);
}

Test(gpio, a_process_that_has_ended_is_told_nothing)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    expect_ok(p, 7, 3, 0);
    expect_ok(other, 7, 3, 0);
    simulated_pin_drive(&pins[3], true);
    fault(p);
    expect_upcall(other, GPIO, 3, 1);
    call(other, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    simulated_pin_drive(&pins[3], false);
    expect_no_upcall(other);
}

Test(gpio, a_pin_is_watched_as_long_as_somebody_lives_who_asked)
{
    struct process *p = boot(3);
    struct process *other = &board.processes[1];

    expect_ok(p, 7, 3, 0);
    expect_ok(p, 7, 0, 0);
    expect_ok(other, 7, 3, 1);
    fault(&board.processes[2]);
    cr_expect(pins[0].is_watched);
    fault(p);
    cr_expect(not(pins[0].is_watched));
    cr_expect(pins[3].is_watched);
    call(other, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    cr_expect(not(pins[3].is_watched));
}

Test(gpio, whose_edges_were_stopped_by_another_keeps_no_pin_watched)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    expect_ok(p, 7, 3, 0);
    expect_ok(other, 8, 3, 0);
    cr_expect(not(pins[3].is_watched));
    expect_ok(other, 7, 3, 0);
    fault(other);
    cr_expect(not(pins[3].is_watched));
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
}

Test(gpio, without_memory_for_the_grant_edges_answer_nomem)
{
    struct process *p = boot(1);

    exhaust_grants(p);
    EXPECT_REGS(command(p, GPIO, 7, 1, 0), TOCK_FAILURE, TOCK_NOMEM, 1, 0);
    expect_ok(p, 1, 0, 0);
}

Test(gpio, a_full_queue_loses_edges_and_nothing_else)
{
    struct process *p = boot(1);

    expect_ok(p, 7, 3, 0);
    for (uint32_t i = 0; i < 50; i++) {
        simulated_pin_drive(&pins[3], i % 2 == 0);
        settle();
    }
    cr_expect(le(u32, p->upcalls.count, UPCALL_QUEUE_COUNT));
    while (p->upcalls.count != 0)
        yield_wait_for(p, GPIO, 0);
    simulated_pin_drive(&pins[3], true);
    expect_upcall(p, GPIO, 3, 1);
}

/* Hardware that cannot: pin 3 and button 0 answer so from now on. */
static enum tock_error no_output(struct hil_gpio *pin)
{
    (void)pin;
    return TOCK_NOSUPPORT;
}

static enum tock_error no_watch(struct hil_gpio *pin, enum hil_gpio_edge edge)
{
    (void)pin;
    (void)edge;
    return TOCK_RESERVE;
}

static void make_poor(struct simulated_pin *pin)
{
    static struct hil_gpio_ops poor;

    poor = *pin->gpio.ops;
    poor.make_output = no_output;
    poor.watch = no_watch;
    pin->gpio.ops = &poor;
}

Test(gpio, what_the_hardware_cannot_is_told)
{
    struct process *p = boot(1);

    make_poor(&pins[3]);
    EXPECT_REGS(command(p, GPIO, 1, 3, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 3, 8);
    EXPECT_REGS(command(p, GPIO, 7, 3, 0), TOCK_FAILURE, TOCK_RESERVE, 3, 0);
}

Test(gpio, who_has_subscribed_is_told_of_what_others_asked_for)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    call(other, TOCK_CLASS_SUBSCRIBE, GPIO, 0, 0, 0);
    expect_ok(p, 7, 3, 0);
    simulated_pin_drive(&pins[3], true);
    expect_upcall(other, GPIO, 3, 1);
}

Test(gpio, pins_stay_as_a_process_left_them)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    expect_ok(p, 1, 0, 0);
    expect_ok(p, 2, 0, 0);
    fault(p);
    expect_level(other, 0, 1);
}

Test(gpio, command_8_disables_the_pin_too)
{
    struct process *p = boot(1);

    expect_ok(p, 1, 0, 0);
    expect_ok(p, 2, 0, 0);
    expect_level(p, 1, 1); /* by the wire */
    expect_ok(p, 8, 0, 0);
    expect_level(p, 1, 0);
}

Test(gpio, more_pins_than_there_is_room_for_are_left_out)
{
    static struct simulated_pin many[GPIO_MAX + 1];

    gpio_init(&gpio);
    for (uint32_t i = 0; i <= GPIO_MAX; i++)
        gpio_add(&gpio, simulated_pin_init(&many[i], NULL));
    cr_expect(eq(u32, gpio.count, GPIO_MAX));
    button_init(&button);
    for (uint32_t i = 0; i <= GPIO_MAX; i++)
        button_add(&button, &many[i].gpio, HIL_GPIO_PULL_NONE, true);
    cr_expect(eq(u32, button.count, BUTTON_MAX));
}

/* --- the system call table of button.h ------------------------------------ */

static void expect_done(struct process *p, uint32_t number, uint32_t index)
{
    EXPECT_REGS(command(p, BUTTON, number, index, 8), TOCK_SUCCESS, number,
                index, 8);
}

Test(button, command_0_tells_how_many_there_are)
{
    struct process *p = boot(1);

    EXPECT_REGS(command(p, BUTTON, 0, 7, 8), TOCK_SUCCESS_U32, 2, 7, 8);
    EXPECT_REGS(command(p, BUTTON, 4, 0, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 0,
                8);
    for (uint32_t number = 1; number <= 3; number++)
        EXPECT_REGS(command(p, BUTTON, number, 2, 8), TOCK_FAILURE, TOCK_INVAL,
                    2, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, BUTTON, 1, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
}

Test(button, command_3_tells_whether_it_is_pressed_whatever_the_level)
{
    struct process *p = boot(1);

    for (uint32_t i = 0; i < 2; i++) {
        EXPECT_REGS(command(p, BUTTON, 3, i, 8), TOCK_SUCCESS_U32, 0, i, 8);
        simulated_pin_drive(&knobs[i], i == 0);
        EXPECT_REGS(command(p, BUTTON, 3, i, 8), TOCK_SUCCESS_U32, 1, i, 8);
    }
}

Test(button, changes_are_told_to_who_asked_for_that_button)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    expect_done(p, 1, 0);
    expect_done(p, 1, 1);
    expect_done(other, 1, 1);
    simulated_pin_drive(&knobs[0], true);
    expect_upcall(p, BUTTON, 0, 1);
    simulated_pin_drive(&knobs[0], false);
    expect_upcall(p, BUTTON, 0, 0);
    expect_no_upcall(other);
    simulated_pin_drive(&knobs[1], false);
    expect_upcall(p, BUTTON, 1, 1);
    expect_upcall(other, BUTTON, 1, 1);
}

Test(button, a_button_is_watched_as_long_as_anybody_asks)
{
    struct process *p = boot(3);
    struct process *other = &board.processes[1];

    cr_expect(not(knobs[0].is_watched));
    expect_done(p, 1, 0);
    expect_done(other, 1, 0);
    expect_done(other, 1, 1);
    expect_done(p, 2, 0);
    expect_done(p, 2, 1); /* never asked for */
    cr_expect(knobs[0].is_watched);
    cr_expect(knobs[1].is_watched);
    simulated_pin_drive(&knobs[0], true);
    expect_upcall(other, BUTTON, 0, 1);
    expect_no_upcall(p);
    fault(other);
    cr_expect(not(knobs[0].is_watched));
    cr_expect(not(knobs[1].is_watched));
}

Test(button, a_button_that_cannot_be_watched_is_told)
{
    struct process *p = boot(1);

    make_poor(&knobs[0]);
    EXPECT_REGS(command(p, BUTTON, 1, 0, 8), TOCK_FAILURE, TOCK_RESERVE, 0, 8);
    knobs[0].is_watched = true; /* by whatever means */
    knobs[0].watched = HIL_GPIO_EDGE_EITHER;
    simulated_pin_drive(&knobs[0], true);
    expect_no_upcall(p);
}

Test(button, a_new_life_has_asked_for_nothing)
{
    struct process *p = boot(1);

    expect_done(p, 1, 0);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    cr_expect(not(knobs[0].is_watched));
    simulated_pin_drive(&knobs[0], true);
    expect_no_upcall(p);
}

Test(button, without_memory_for_the_grant_it_answers_nomem)
{
    struct process *p = boot(1);

    exhaust_grants(p);
    EXPECT_REGS(command(p, BUTTON, 1, 0, 8), TOCK_FAILURE, TOCK_NOMEM, 0, 8);
    expect_done(p, 2, 0);
    cr_expect(not(knobs[0].is_watched));
    EXPECT_REGS(command(p, BUTTON, 3, 0, 8), TOCK_SUCCESS_U32, 0, 0, 8);
}

Test(button, a_full_queue_loses_presses_and_nothing_else)
{
    struct process *p = boot(1);

    expect_done(p, 1, 0);
    for (uint32_t i = 0; i < 50; i++) {
        simulated_pin_drive(&knobs[0], i % 2 == 0);
        settle();
    }
    cr_expect(le(u32, p->upcalls.count, UPCALL_QUEUE_COUNT));
    while (p->upcalls.count != 0)
        yield_wait_for(p, BUTTON, 0);
    simulated_pin_drive(&knobs[0], true);
    expect_upcall(p, BUTTON, 0, 1);
}
