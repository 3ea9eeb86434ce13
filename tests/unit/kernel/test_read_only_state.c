/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "drivers.h"
#include "extra/read_only_state.h"

TestSuite(read_only_state, .timeout = 10);

#define STATE     TOCK_DRIVER_READ_ONLY_STATE
#define BUFFER(p) ((p)->ram.start + 101) /* 64 bytes, aligned to nothing */

static struct read_only_state state;

static struct process *boot(int count)
{
    board_power_on();
    read_only_state_init(&state, &host_alarm.alarm);
    board.drivers[3] = (struct kernel_driver){STATE, &state.driver};
    board.config.turn_watcher = &state.watcher;
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    for (int i = 0; i < count; i++) {
        raise_break(&board.processes[i], 1024);
        memset(host_memory(BUFFER(&board.processes[i])), 0xee, 64);
    }
    return &board.processes[0];
}

static const uint32_t *allow(struct process *p, uint32_t len)
{
    return call(p, TOCK_CLASS_ALLOW_UR, STATE, 0, BUFFER(p), len);
}

static uint32_t word(struct process *p, uint32_t off)
{
    uint32_t value;

    memcpy(&value, host_memory(BUFFER(p) + off), 4);
    return value;
}

/* The system call table of read_only_state.h, row by row. */
Test(read_only_state, commands_tell_that_it_is_there_and_its_version)
{
    struct process *p = boot(1);

    EXPECT_REGS(command(p, STATE, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    EXPECT_REGS(command(p, STATE, 1, 7, 8), TOCK_SUCCESS_U32, 1, 7, 8);
    EXPECT_REGS(command(p, STATE, 2, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7, 8);
}

Test(read_only_state, a_buffer_is_swapped_like_any_other)
{
    struct process *p = boot(1);

    EXPECT_REGS(allow(p, 16), TOCK_SUCCESS_U32_U32, 0, 0, 16);
    EXPECT_REGS(allow(p, 8), TOCK_SUCCESS_U32_U32, BUFFER(p), 16, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_UR, STATE, 1, BUFFER(p), 16),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, BUFFER(p), 16);
    EXPECT_REGS(
        call(p, TOCK_CLASS_ALLOW_UR, STATE, 0, p->bounds.app_break - 8, 9),
        TOCK_FAILURE_U32_U32, TOCK_INVAL, p->bounds.app_break - 8, 9);
    EXPECT_REGS(allow(p, 0), TOCK_SUCCESS_U32_U32, BUFFER(p), 8, 0);
}

Test(read_only_state, without_memory_for_the_grant_it_answers_nomem)
{
    struct process *p = boot(1);

    exhaust_grants(p);
    EXPECT_REGS(allow(p, 16), TOCK_FAILURE_U32_U32, TOCK_NOMEM, BUFFER(p), 16);
}

Test(read_only_state, each_turn_begins_with_fresh_state)
{
    struct process *p = boot(1);
    uint32_t turns;

    allow(p, 64);
    kernel_loop_once();
    turns = word(p, 0);
    host_alarm_advance(12345);
    (void)upcall_schedule(&board.probe.driver, p, 0, 1, 2, 3);
    command(p, PROBE, 0, 0, 0);
    for (uint32_t i = 1; i < 4; i++) {
        kernel_loop_once();
        cr_expect(gt(u32, word(p, 0), turns));
        turns = word(p, 0);
    }
    cr_expect(eq(u32, word(p, 8), host_alarm.now));
    cr_expect(eq(u32, word(p, 12), 0));
    cr_expect(is_all(BUFFER(p), 16, 64, 0xee));
}

Test(read_only_state, upcalls_that_wait_are_counted)
{
    struct process *p = boot(1);

    allow(p, 16);
    call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 0, p->flash_start + 256, 0);
    for (uint32_t i = 0; i < 3; i++) {
        kernel_loop_once();
        cr_expect(eq(u32, word(p, 4), i));
        (void)upcall_schedule(&board.probe.driver, p, 0, 1, 2, 3);
    }
}

Test(read_only_state, only_whole_fields_are_written)
{
    static const struct {
        uint32_t len;
        uint32_t written;
    } cases[] = {{0, 0}, {3, 0},  {4, 4},   {7, 4},
                 {8, 8}, {15, 8}, {16, 16}, {64, 16}};
    struct process *p = boot(1);

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        allow(p, cases[i].len);
        memset(host_memory(BUFFER(p)), 0xee, 64);
        kernel_loop_once();
        cr_expect(is_all(BUFFER(p), cases[i].written, 64, 0xee), "length %u",
                  (unsigned)cases[i].len);
        if (cases[i].written != 0)
            cr_expect(ne(u32, word(p, 0), 0xeeeeeeee));
    }
}

Test(read_only_state, each_process_has_its_own_and_loses_it_with_its_life)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    allow(other, 16);
    settle();
    cr_expect(eq(u32, word(p, 0), 0xeeeeeeee));
    cr_expect(ne(u32, word(other, 0), 0xeeeeeeee));
    call(other, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    raise_break(other, 1024);
    memset(host_memory(BUFFER(other)), 0xee, 64);
    settle();
    cr_expect(eq(u32, word(other, 0), 0xeeeeeeee));
}
