/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "drivers.h"
#include "extra/process_info.h"
#include "kernel/capability.h"

TestSuite(process_info, .timeout = 10);

#define INFO      TOCK_DRIVER_PROCESS_INFO
#define BUFFER(p) ((p)->ram.start + 100) /* 64 bytes */

static const struct capability_manage manage;
static struct process_info_driver info;

/* Three processes with short ids, in slots 0 to 2; names of 2, 5, 1 letters. */
static struct process *boot(void)
{
    board_power_on();
    process_info_init(&info, &manage);
    board.drivers[3] = (struct kernel_driver){INFO, &info.driver};
    board.config.short_ids = KERNEL_IDS_HEADER;
    board_install(&(struct board_app){.name = "me", .short_id = 0x11});
    board_install(&(struct board_app){.name = "other"});
    board_install(&(struct board_app){.name = "3", .short_id = 0x33});
    board_boot();
    raise_break(&board.processes[0], 1024);
    memset(host_memory(BUFFER(&board.processes[0])), 0xee, 64);
    return &board.processes[0];
}

static void allow(struct process *p, uint32_t len)
{
    call(p, TOCK_CLASS_ALLOW_RW, INFO, 0, BUFFER(p), len);
}

static uint32_t word(struct process *p, uint32_t index)
{
    uint32_t value;

    memcpy(&value, host_memory(BUFFER(p) + 4 * index), 4);
    return value;
}

/* The system call table of process_info.h, row by row. */
Test(process_info, command_0_says_that_it_is_there)
{
    struct process *p = boot();

    EXPECT_REGS(command(p, INFO, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    EXPECT_REGS(command(p, INFO, 7, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, INFO, 0, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
}

Test(process_info, command_1_counts_processes_that_ended_too)
{
    struct process *p = boot();

    EXPECT_REGS(command(p, INFO, 1, 7, 8), TOCK_SUCCESS_U32, 3, 7, 8);
    fault(&board.processes[1]);
    EXPECT_REGS(command(p, INFO, 1, 7, 8), TOCK_SUCCESS_U32, 3, 7, 8);
}

Test(process_info, command_2_tells_identifiers_as_many_as_fit)
{
    struct process *p = boot();

    EXPECT_REGS(command(p, INFO, 2, 7, 8), TOCK_SUCCESS_U32, 3, 7, 8);
    allow(p, 11);
    EXPECT_REGS(command(p, INFO, 2, 7, 8), TOCK_SUCCESS_U32, 3, 7, 8);
    cr_expect(eq(u32, word(p, 0), board.processes[0].id));
    cr_expect(eq(u32, word(p, 1), board.processes[1].id));
    cr_expect(eq(u32, word(p, 2), 0xeeeeeeee));
    allow(p, 64);
    call(&board.processes[1], TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    command(p, INFO, 2, 0, 0);
    cr_expect(eq(u32, word(p, 1), board.processes[1].id));
    cr_expect(eq(u32, word(p, 1), 3));
    cr_expect(eq(u32, word(p, 2), board.processes[2].id));
}

Test(process_info, command_3_tells_short_ids)
{
    struct process *p = boot();

    allow(p, 64);
    EXPECT_REGS(command(p, INFO, 3, 7, 8), TOCK_SUCCESS_U32, 3, 7, 8);
    cr_expect(eq(u32, word(p, 0), 0x11));
    cr_expect(eq(u32, word(p, 1), 0));
    cr_expect(eq(u32, word(p, 2), 0x33));
    cr_expect(eq(u32, word(p, 3), 0xeeeeeeee));
}

Test(process_info, command_4_tells_the_name_cut_to_the_buffer)
{
    struct process *p = boot();
    uint32_t id = board.processes[1].id;

    EXPECT_REGS(command(p, INFO, 4, id, 8), TOCK_SUCCESS_U32, 5, id, 8);
    allow(p, 3);
    EXPECT_REGS(command(p, INFO, 4, id, 8), TOCK_SUCCESS_U32, 5, id, 8);
    cr_expect(eq(int, memcmp(host_memory(BUFFER(p)), "oth\xee", 4), 0));
    EXPECT_REGS(command(p, INFO, 4, 99, 8), TOCK_FAILURE, TOCK_INVAL, 99, 8);
}

Test(process_info, command_5_tells_numbers_and_state)
{
    struct process *p = boot();
    struct process *other = &board.processes[1];

    allow(p, 64);
    EXPECT_REGS(command(p, INFO, 5, 99, 8), TOCK_SUCCESS, 5, 99, 8);
    cr_expect(eq(u32, word(p, 0), 0xeeeeeeee));
    other->expired_slices = 12;
    other->syscall_count = 34;
    other->restart_count = 56;
    yield_wait(other);
    settle();
    command(p, INFO, 5, other->id, 0);
    cr_expect(eq(u32, word(p, 0), other->expired_slices));
    cr_expect(eq(u32, word(p, 1), 35));
    cr_expect(eq(u32, word(p, 2), 56));
    cr_expect(eq(u32, word(p, 3), 1));
    allow(p, 15);
    memset(host_memory(BUFFER(p)), 0xee, 64);
    command(p, INFO, 5, other->id, 0);
    cr_expect(eq(u32, word(p, 2), 56));
    cr_expect(eq(u32, word(p, 3), 0xeeeeeeee));
}

Test(process_info, command_6_controls_others)
{
    struct process *p = boot();
    struct process *other = &board.processes[1];
    static const struct {
        uint32_t action;
        uint32_t state;
    } steps[] = {{2, 3}, {1, 0}, {4, 5}, {5, 0}, {3, 4}, {4, 5}, {1, 5}};

    allow(p, 64);
    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        uint32_t id = other->id;

        EXPECT_REGS(command(p, INFO, 6, id, steps[i].action), TOCK_SUCCESS, 6,
                    id, steps[i].action);
        settle();
        command(p, INFO, 5, other->id, 0);
        cr_expect(eq(u32, word(p, 3), steps[i].state), "step %zu", i);
    }
}

Test(process_info, unknown_processes_are_inval_and_unknown_actions_nothing)
{
    struct process *p = boot();
    struct process *other = &board.processes[1];
    uint32_t id = other->id;

    EXPECT_REGS(command(p, INFO, 6, 99, 4), TOCK_FAILURE, TOCK_INVAL, 99, 4);
    EXPECT_REGS(command(p, INFO, 6, id, 0), TOCK_SUCCESS, 6, id, 0);
    EXPECT_REGS(command(p, INFO, 6, id, 6), TOCK_SUCCESS, 6, id, 6);
    EXPECT_REGS(command(p, INFO, 6, id, UINT32_MAX), TOCK_SUCCESS, 6, id,
                UINT32_MAX);
    settle();
    cr_expect(eq(u8, other->state, PROCESS_RUNNING));
    cr_expect(eq(u32, other->id, id));
}

Test(process_info, an_identifier_of_a_former_life_is_unknown)
{
    struct process *p = boot();
    struct process *other = &board.processes[1];
    uint32_t id = other->id;

    call(other, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    EXPECT_REGS(command(p, INFO, 6, id, 4), TOCK_FAILURE, TOCK_INVAL, id, 4);
    EXPECT_REGS(command(p, INFO, 4, id, 4), TOCK_FAILURE, TOCK_INVAL, id, 4);
}

Test(process_info, a_process_may_end_itself)
{
    struct process *p = boot();

    for (uint32_t action = 2; action <= 4; action++) {
        command(p, INFO, 6, p->id, action);
        settle();
        cr_expect(ne(u8, p->state, PROCESS_RUNNING));
        p = boot();
    }
}

Test(process_info, a_buffer_in_nobodys_reach_is_not_written)
{
    struct process *p = boot();

    EXPECT_REGS(
        call(p, TOCK_CLASS_ALLOW_RW, INFO, 0, board.processes[1].ram.start, 64),
        TOCK_FAILURE_U32_U32, TOCK_INVAL, board.processes[1].ram.start, 64);
    memset(host_memory(board.processes[1].ram.start), 0xdd, 64);
    command(p, INFO, 2, 0, 0);
    cr_expect(is_all(board.processes[1].ram.start, 0, 64, 0xdd));
}
