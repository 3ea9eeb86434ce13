/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"
#include "core/low_level_debug.h"

TestSuite(low_level_debug, .timeout = 10);

#define LLD TOCK_DRIVER_LOW_LEVEL_DEBUG

static struct low_level_debug lld;
static struct uart_mux_device lld_uart;

static struct process *boot(int count)
{
    board_power_on();
    low_level_debug_init(&lld, uart_mux_add(&board.uart_mux, &lld_uart));
    board.drivers[3] = (struct kernel_driver){LLD, &lld.driver};
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    forget_text();
    return board.processes;
}

/* The syscall table of low_level_debug.h, row by row. */
Test(low_level_debug, each_command_succeeds_and_prints_its_line)
{
    struct process *p = boot(1);

    EXPECT_REGS(command(p, LLD, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    settle();
    cr_expect(eq(u32, host_uart.text_len, 0));
    EXPECT_REGS(command(p, LLD, 1, 2, 8), TOCK_SUCCESS, 1, 2, 8);
    EXPECT_REGS(command(p, LLD, 2, 0xdeadbeef, 8), TOCK_SUCCESS, 2, 0xdeadbeef,
                8);
    EXPECT_REGS(command(p, LLD, 3, 0x10, 0), TOCK_SUCCESS, 3, 0x10, 0);
    settle();
    cr_expect(said("LowLevelDebug: App 0x0 alert code 0x2\n"
                   "LowLevelDebug: App 0x0 prints 0xdeadbeef\n"
                   "LowLevelDebug: App 0x0 prints 0x10 0x0\n"));
}

Test(low_level_debug, other_commands_are_nosupport)
{
    EXPECT_REGS(command(boot(1), LLD, 4, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7,
                8);
}

Test(low_level_debug, sixteen_entries_wait_for_a_slow_port_in_order)
{
    struct process *p = boot(1);
    char expected[1024] = "";

    host_uart.is_slow = true;
    /* One is on the port, sixteen wait. */
    for (uint32_t i = 0; i < 1 + LOW_LEVEL_DEBUG_QUEUE; i++) {
        char line[64];

        command(p, LLD, 2, i, 0);
        snprintf(line, sizeof(line), "LowLevelDebug: App 0x0 prints 0x%x\n", i);
        strcat(expected, line);
    }
    host_uart.is_slow = false;
    host_uart_send_out();
    for (int i = 0; i < 10; i++)
        settle();
    cr_expect(said(expected));
    cr_expect(not(said("Dropped")));
}

Test(low_level_debug, what_does_not_fit_is_counted_from_two_on)
{
    struct process *p = boot(1);

    host_uart.is_slow = true;
    for (uint32_t i = 0; i < 1 + LOW_LEVEL_DEBUG_QUEUE + 3; i++)
        command(p, LLD, 2, i, 0);
    host_uart.is_slow = false;
    host_uart_send_out();
    for (int i = 0; i < 10; i++)
        settle();
    cr_expect(said("prints 0xf\nLowLevelDebug: Dropped 0x4 entries for app "
                   "0x0\n"));
    cr_expect(not(said("prints 0x10\n")));
}

Test(low_level_debug, processes_take_turns)
{
    struct process *p = boot(2);

    host_uart.is_slow = true;
    for (uint32_t i = 0; i < 3; i++) {
        command(&p[0], LLD, 2, i, 0);
        command(&p[1], LLD, 2, i, 0);
    }
    host_uart.is_slow = false;
    host_uart_send_out();
    settle();
    cr_expect(said("App 0x0 prints 0x0\nLowLevelDebug: App 0x1 prints 0x0\n"
                   "LowLevelDebug: App 0x0 prints 0x1\n"
                   "LowLevelDebug: App 0x1 prints 0x1\n"));
}

/* A library does so when its app was loaded at a wrong address. */
Test(low_level_debug, an_alert_right_before_exit_still_comes_out)
{
    struct process *p = boot(1);

    command(p, LLD, 1, 2, 0);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 1, 0, 0);
    settle();
    cr_expect(said("LowLevelDebug: App 0x0 alert code 0x2\n"));
}

Test(low_level_debug, what_waits_is_lost_with_the_process)
{
    struct process *p = boot(1);

    host_uart.is_slow = true;
    for (uint32_t i = 0; i < 3; i++)
        command(p, LLD, 2, i, 0);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 1, 0, 0);
    host_uart.is_slow = false;
    host_uart_send_out();
    settle();
    cr_expect(said("LowLevelDebug: App 0x0 prints 0x0\n"));
    cr_expect(not(said("prints 0x1\n")));
}

Test(low_level_debug, a_new_life_has_a_new_number)
{
    struct process *p = boot(1);

    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 1, 0, 0);
    settle();
    command(p, LLD, 2, 5, 0);
    settle();
    cr_expect(said("LowLevelDebug: App 0x1 prints 0x5\n"));
}

Test(low_level_debug, a_process_without_memory_for_it_is_told_of)
{
    struct process *p = boot(1);
    struct grant_piece piece;

    while (grant_piece_new(p, 64, &piece) == TOCK_OK)
        continue;
    EXPECT_REGS(command(p, LLD, 2, 5, 6), TOCK_SUCCESS, 2, 5, 6);
    settle();
    cr_expect(said("LowLevelDebug: grant init failed\n"));
}

Test(low_level_debug, a_port_that_refuses_loses_a_line_and_no_more)
{
    struct process *p = boot(1);

    host_uart.refuse = TOCK_FAIL;
    command(p, LLD, 2, 1, 0);
    command(p, LLD, 2, 2, 0);
    settle();
    cr_expect(said("prints 0x2\n"));
}
