/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

#include "capsule/manage.h"
#include "kernel/capability.h"
#include "report.h"

TestSuite(manage, .timeout = 20);

static const struct capability_manage can;

static struct process_info info_of(const struct process *p)
{
    struct process_info info;

    manage_info(&can, p, &info);
    return info;
}

static void request(struct process *p, enum process_action action)
{
    manage_request(&can, p, action);
    settle();
}

#define EXPECT_STATUS(p, expected) \
    cr_expect(eq(int, (int)info_of(p).status, (int)(expected)))

Test(manage, a_process_is_described_in_numbers)
{
    struct process_info info;
    struct process *p;

    board_power_on();
    board.config.short_ids = KERNEL_IDS_HEADER;
    board_install(
        &(struct board_app){.name = "one", .version = 5, .short_id = 0x1234});
    board_boot();
    p = &board.processes[0];
    command(p, PROBE, 1, 0, 0);
    command(p, CONSOLE, 0, 0, 0);
    info = info_of(p);
    cr_expect(eq(u32, info.ref.slot, 0));
    cr_expect(eq(u32, info.short_id, 0x1234));
    cr_expect(eq(u32, info.version, 5));
    cr_expect(eq(u32, info.name.len, 3));
    cr_expect(eq(int, memcmp(info.name.ptr, "one", 3), 0));
    cr_expect(eq(u32, info.syscalls, 2));
    cr_expect(eq(u32, info.restarts, 0));
    cr_expect(eq(u32, info.grants_used, 1));
    cr_expect(eq(u32, info.grants_total, 3));
    cr_expect(eq(u32, manage_slots(&can), BOARD_PROCESSES));
    cr_expect(eq(ptr, manage_process(&can, 0), p));
    cr_expect(eq(ptr, manage_process(&can, 1), NULL));
    cr_expect(eq(ptr, manage_process(&can, BOARD_PROCESSES), NULL));
}

/* --- stop and resume ------------------------------------------------------ */

Test(manage, a_stopped_process_gets_no_processor_and_goes_on_where_it_was)
{
    struct process *p = board_with_one_app();
    uint32_t runs;

    request(p, PROCESS_ACTION_STOP);
    EXPECT_STATUS(p, PROCESS_STATUS_STOPPED);
    runs = host_cpu.runs;
    settle();
    cr_expect(eq(u32, host_cpu.runs, runs));
    request(p, PROCESS_ACTION_RESUME);
    EXPECT_STATUS(p, PROCESS_STATUS_RUNNING);
    settle();
    cr_expect(gt(u32, host_cpu.runs, runs));
    cr_expect(eq(u32, p->context.calls, 1));
}

Test(manage, upcalls_of_a_stopped_process_wait_for_it)
{
    struct process *p = board_with_one_app();

    call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 0, p->flash_start + 256, 9);
    yield_wait(p);
    settle();
    request(p, PROCESS_ACTION_STOP);
    cr_expect(
        eq(int, upcall_schedule(&board.probe.driver, p, 0, 7, 0, 0), TOCK_OK));
    settle();
    EXPECT_STATUS(p, PROCESS_STATUS_STOPPED);
    request(p, PROCESS_ACTION_RESUME);
    settle();
    EXPECT_STATUS(p, PROCESS_STATUS_RUNNING);
    EXPECT_REGS(p->context.regs, 7, 0, 0, 9);
}

Test(manage, the_awaited_upcall_of_a_stopped_process_still_has_its_place)
{
    struct process *p = board_with_one_app();

    call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 0, p->flash_start + 256, 9);
    call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 1, p->flash_start + 256, 9);
    yield_wait_for(p, PROBE, 1);
    settle();
    request(p, PROCESS_ACTION_STOP);
    for (uint32_t i = 0; i < 30; i++)
        (void)upcall_schedule(&board.probe.driver, p, 0, i, 0, 0);
    cr_expect(eq(int, upcall_schedule(&board.probe.driver, p, 1, 70, 71, 72),
                 TOCK_OK));
    request(p, PROCESS_ACTION_RESUME);
    settle();
    EXPECT_STATUS(p, PROCESS_STATUS_RUNNING);
    cr_expect(eq(u32, p->context.regs[0], 70));
}

Test(manage, its_buffers_stay_while_it_is_stopped)
{
    struct process *p = board_with_one_app();

    raise_break(p, 1024);
    call(p, TOCK_CLASS_ALLOW_RO, PROBE, 0, p->ram.start, 16);
    request(p, PROCESS_ACTION_STOP);
    cr_expect(eq(u32, buffer_readonly_len(&board.probe.driver, p, 0), 16));
    cr_expect(eq(ptr, process_find(process_ref(p)), p));
    cr_expect(eq(u32, board.probe.gone, 0));
}

/* --- end and begin -------------------------------------------------------- */

Test(manage, terminate_ends_a_life_and_boot_begins_the_next)
{
    struct process *p = board_with_one_app();
    struct process_ref old = process_ref(p);

    request(p, PROCESS_ACTION_BOOT); /* lives: nothing happens */
    cr_expect(eq(u32, p->id, old.id));
    request(p, PROCESS_ACTION_TERMINATE);
    EXPECT_STATUS(p, PROCESS_STATUS_TERMINATED);
    cr_expect(eq(u32, board.probe.gone, 1));
    cr_expect(eq(u8, p->completion, PROCESS_KILLED));
    request(p, PROCESS_ACTION_TERMINATE);
    request(p, PROCESS_ACTION_STOP);
    request(p, PROCESS_ACTION_RESUME);
    request(p, PROCESS_ACTION_FAULT);
    EXPECT_STATUS(p, PROCESS_STATUS_TERMINATED);
    cr_expect(eq(u32, board.probe.gone, 1));
    request(p, PROCESS_ACTION_BOOT);
    EXPECT_STATUS(p, PROCESS_STATUS_RUNNING);
    cr_expect(gt(u32, p->id, old.id));
    cr_expect(eq(u32, p->restart_count, 1));
    cr_expect(eq(u8, p->completion, PROCESS_KILLED));
    cr_expect(eq(ptr, process_find(old), NULL));
}

Test(manage, an_app_that_exited_can_be_booted)
{
    struct process *p = board_with_one_app();

    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 5, 0, 0);
    request(p, PROCESS_ACTION_BOOT);
    EXPECT_STATUS(p, PROCESS_STATUS_RUNNING);
    cr_expect(eq(u32, p->completion_code, 5));
}

Test(manage, a_fault_on_request_follows_the_boards_policy)
{
    struct process *p = board_with_one_app();

    request(p, PROCESS_ACTION_FAULT);
    EXPECT_STATUS(p, PROCESS_STATUS_FAULTED);
    cr_expect(said("Process one had a fault\r\n On request\r\n"));
    request(p, PROCESS_ACTION_BOOT); /* only from Terminated */
    EXPECT_STATUS(p, PROCESS_STATUS_FAULTED);
    cr_expect(eq(u32, board.probe.gone, 1));
    request(p, PROCESS_ACTION_TERMINATE);
    EXPECT_STATUS(p, PROCESS_STATUS_TERMINATED);
    cr_expect(eq(u32, board.probe.gone, 1));
    request(p, PROCESS_ACTION_BOOT);
    EXPECT_STATUS(p, PROCESS_STATUS_RUNNING);
}

Test(manage, a_stopped_process_can_be_terminated)
{
    struct process *p = board_with_one_app();

    request(p, PROCESS_ACTION_STOP);
    request(p, PROCESS_ACTION_TERMINATE);
    EXPECT_STATUS(p, PROCESS_STATUS_TERMINATED);
    request(p, PROCESS_ACTION_RESUME);
    EXPECT_STATUS(p, PROCESS_STATUS_TERMINATED);
}

/* --- from inside a system call -------------------------------------------- */

static enum process_action on_command;

static struct command_return act_on_caller(struct driver *driver,
                                           struct process *caller,
                                           uint32_t number, uint32_t arg0,
                                           uint32_t arg1)
{
    (void)driver;
    (void)number;
    (void)arg0;
    (void)arg1;
    manage_request(&can, caller, on_command);
    return command_success_u32(0x5a5a);
}

Test(manage, a_process_may_ask_for_anything_to_be_done_to_itself)
{
    static const struct driver_ops ops = {.command = act_on_caller};
    static const enum process_status expected[] = {
        [PROCESS_ACTION_RESUME] = PROCESS_STATUS_RUNNING,
        [PROCESS_ACTION_STOP] = PROCESS_STATUS_STOPPED,
        [PROCESS_ACTION_FAULT] = PROCESS_STATUS_FAULTED,
        [PROCESS_ACTION_TERMINATE] = PROCESS_STATUS_TERMINATED,
        [PROCESS_ACTION_BOOT] = PROCESS_STATUS_RUNNING,
    };

    for (int action = PROCESS_ACTION_RESUME; action <= PROCESS_ACTION_BOOT;
         action++) {
        struct process *p = board_with_one_app();
        uint32_t runs;

        board.bare.driver.ops = &ops;
        on_command = (enum process_action)action;
        call(p, TOCK_CLASS_COMMAND, BARE, 1, 0, 0);
        runs = host_cpu.runs;
        kernel_loop_once();
        cr_expect(eq(u32, host_cpu.runs, runs), "action %d came late", action);
        EXPECT_STATUS(p, expected[action]);
        cr_expect(eq(u32, p->context.regs[1], 0x5a5a));
    }
}

Test(manage, of_two_requests_the_later_one_counts)
{
    struct process *p = board_with_one_app();

    manage_request(&can, p, PROCESS_ACTION_TERMINATE);
    request(p, PROCESS_ACTION_STOP);
    EXPECT_STATUS(p, PROCESS_STATUS_STOPPED);
}

Test(manage, a_request_is_carried_out_once)
{
    struct process *p = board_with_one_app();

    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 0, 0, 0);
    request(p, PROCESS_ACTION_BOOT);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 0, 0, 0);
    board_install(&(struct board_app){.name = "two"});
    cr_assert(manage_load(&can, HOST_FLASH_START + 512));
    request(&board.processes[1], PROCESS_ACTION_STOP);
    EXPECT_STATUS(p, PROCESS_STATUS_TERMINATED);
    EXPECT_STATUS(&board.processes[1], PROCESS_STATUS_STOPPED);
}

Test(manage, a_stopped_process_shows_what_it_did)
{
    struct process *p = board_with_one_app();

    yield_wait_for(p, PROBE, 1);
    settle();
    request(p, PROCESS_ACTION_STOP);
    kernel_dump(p);
    settle();
    cr_expect(said("one   -   [Stopped(YieldedFor(UpcallId { driver_num: "
                   "0x777, subscribe_num: 1 }))]"));
    forget_text();
    request(p, PROCESS_ACTION_FAULT);
    cr_expect(said("one   -   [Faulted]"));
}
