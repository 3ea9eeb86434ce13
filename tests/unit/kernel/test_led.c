/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"
#include "core/led.h"
#include "virtual/led_memory.h"

TestSuite(led, .timeout = 10);

#define LED TOCK_DRIVER_LED

static struct led led;
static struct led_memory lights[LED_MAX + 1];

static struct process *boot(uint32_t count)
{
    board_power_on();
    led_init(&led);
    for (uint32_t i = 0; i < count; i++) {
        lights[i].is_lit = true;
        led_add(&led, led_memory_init(&lights[i]));
    }
    board.drivers[3] = (struct kernel_driver){LED, &led.driver};
    board_install(&(struct board_app){.name = "one"});
    board_boot();
    return &board.processes[0];
}

/* The syscall table of led.h, row by row. */
Test(led, command_0_tells_how_many_there_are)
{
    EXPECT_REGS(command(boot(0), LED, 0, 7, 8), TOCK_SUCCESS_U32, 0, 7, 8);
    EXPECT_REGS(command(boot(3), LED, 0, 7, 8), TOCK_SUCCESS_U32, 3, 7, 8);
}

Test(led, commands_switch_one_led_and_no_other)
{
    struct process *p = boot(3);

    for (uint32_t i = 0; i < 3; i++)
        cr_expect(not(lights[i].is_lit));
    EXPECT_REGS(command(p, LED, 1, 1, 8), TOCK_SUCCESS, 1, 1, 8);
    cr_expect(lights[1].is_lit);
    EXPECT_REGS(command(p, LED, 4, 1, 8), TOCK_SUCCESS_U32, 1, 1, 8);
    EXPECT_REGS(command(p, LED, 4, 0, 8), TOCK_SUCCESS_U32, 0, 0, 8);
    EXPECT_REGS(command(p, LED, 3, 1, 8), TOCK_SUCCESS, 3, 1, 8);
    cr_expect(not(lights[1].is_lit));
    EXPECT_REGS(command(p, LED, 3, 1, 8), TOCK_SUCCESS, 3, 1, 8);
    cr_expect(lights[1].is_lit);
    EXPECT_REGS(command(p, LED, 2, 1, 8), TOCK_SUCCESS, 2, 1, 8);
    cr_expect(not(lights[1].is_lit));
    cr_expect(not(lights[0].is_lit));
    cr_expect(not(lights[2].is_lit));
}

Test(led, an_index_beyond_the_last_led_is_inval)
{
    struct process *p = boot(2);

    for (uint32_t number = 1; number <= 4; number++) {
        EXPECT_REGS(command(p, LED, number, 2, 8), TOCK_FAILURE, TOCK_INVAL, 2,
                    8);
        EXPECT_REGS(command(p, LED, number, UINT32_MAX, 8), TOCK_FAILURE,
                    TOCK_INVAL, UINT32_MAX, 8);
    }
}

Test(led, other_commands_are_nosupport_and_there_is_no_grant)
{
    struct process *p = boot(2);

    EXPECT_REGS(command(p, LED, 5, 0, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 0, 8);
    EXPECT_REGS(command(p, LED, UINT32_MAX, 0, 8), TOCK_FAILURE, TOCK_NOSUPPORT,
                0, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, LED, 0, 0, 1),
                TOCK_FAILURE_U32_U32, TOCK_NOMEM, 0, 1);
}

Test(led, more_leds_than_there_is_room_for_are_left_out)
{
    EXPECT_REGS(command(boot(LED_MAX + 1), LED, 0, 7, 8), TOCK_SUCCESS_U32,
                LED_MAX, 7, 8);
}
