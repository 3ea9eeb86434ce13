/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

TestSuite(upcall, .timeout = 10);

#define FN(p, n) ((p)->flash_start + 256u + 8u * (n))

static struct process *with_grant(void)
{
    struct process *p = board_with_one_app();

    raise_break(p, 1024);
    call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 0, 0, 0);
    return p;
}

static void subscribe(struct process *p, uint32_t number, uint32_t fn)
{
    call(p, TOCK_CLASS_SUBSCRIBE, PROBE, number, fn, 0xda7a);
}

static enum tock_error schedule(struct process *p, uint32_t number,
                                uint32_t arg)
{
    return upcall_schedule(&board.probe.driver, p, number, arg, arg + 1,
                           arg + 2);
}

/* --- Wait ----------------------------------------------------------------- */

Test(upcall, wait_runs_the_function_with_arguments_and_userdata)
{
    struct process *p = with_grant();

    subscribe(p, 0, FN(p, 0));
    yield_wait(p);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_YIELDED));
    cr_expect(eq(int, schedule(p, 0, 10), TOCK_OK));
    settle();
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    cr_expect(eq(u32, p->context.pc, FN(p, 0)));
    EXPECT_REGS(p->context.regs, 10, 11, 12, 0xda7a);
}

Test(upcall, each_yield_runs_one_upcall_the_oldest)
{
    struct process *p = with_grant();

    subscribe(p, 0, FN(p, 0));
    subscribe(p, 1, FN(p, 1));
    schedule(p, 1, 10);
    schedule(p, 0, 20);
    schedule(p, 1, 30);
    for (uint32_t arg = 10; arg <= 30; arg += 10) {
        yield_wait(p);
        settle();
        cr_expect(eq(u32, p->context.regs[0], arg));
    }
    cr_expect(eq(u32, p->context.calls, 4));
}

Test(upcall, upcalls_run_only_when_the_process_yields)
{
    struct process *p = with_grant();

    subscribe(p, 0, FN(p, 0));
    schedule(p, 0, 1);
    settle();
    command(p, PROBE, 0, 0, 0);
    cr_expect(eq(u32, p->context.calls, 1));
}

Test(upcall, wait_drops_null_upcalls_without_waking)
{
    struct process *p = with_grant();

    schedule(p, 0, 1);
    schedule(p, 1, 2);
    yield_wait(p);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_YIELDED));
    cr_expect(eq(u32, p->upcalls.count, 0));
}

/* --- NoWait --------------------------------------------------------------- */

static void yield_no_wait(struct process *p, uint32_t flag)
{
    call(p, TOCK_CLASS_YIELD, TOCK_YIELD_NO_WAIT, flag, 0xc2, 0xc3);
    settle();
}

Test(upcall, no_wait_with_nothing_writes_0_and_goes_on)
{
    struct process *p = with_grant();
    uint32_t flag = p->ram.start + 64;

    *host_memory(flag) = 0x55;
    yield_no_wait(p, flag);
    cr_expect(eq(u8, *host_memory(flag), 0));
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    EXPECT_REGS(p->context.regs, TOCK_YIELD_NO_WAIT, flag, 0xc2, 0xc3);
}

Test(upcall, no_wait_with_an_upcall_writes_1_and_runs_it)
{
    struct process *p = with_grant();
    uint32_t flag = p->ram.start + 64;

    subscribe(p, 0, FN(p, 0));
    schedule(p, 0, 7);
    yield_no_wait(p, flag);
    cr_expect(eq(u8, *host_memory(flag), 1));
    cr_expect(eq(u32, p->context.pc, FN(p, 0)));
}

Test(upcall, no_wait_with_only_null_upcalls_goes_on)
{
    struct process *p = with_grant();
    uint32_t flag = p->ram.start + 64;

    schedule(p, 0, 7);
    *host_memory(flag) = 0x55;
    yield_no_wait(p, flag);
    cr_expect(eq(u8, *host_memory(flag), 0));
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    cr_expect(eq(u32, p->context.calls, 1));
}

Test(upcall, no_wait_finds_the_upcall_behind_null_ones)
{
    struct process *p = with_grant();

    subscribe(p, 0, FN(p, 0));
    schedule(p, 1, 6);
    schedule(p, 0, 7);
    yield_no_wait(p, 0);
    cr_expect(eq(u32, p->context.regs[0], 7));
}

Test(upcall, no_wait_writes_its_byte_only_below_the_break)
{
    struct process *p = with_grant();
    const uint32_t flags[] = {p->bounds.app_break,
                              p->ram.start - 1,
                              p->kernel_break,
                              p->flash_start,
                              0,
                              0xffffffff};

    *host_memory(p->bounds.app_break) = 0x55;
    for (unsigned i = 0; i < ARRAY_COUNT(flags); i++)
        yield_no_wait(p, flags[i]);
    cr_expect(eq(u8, *host_memory(p->bounds.app_break), 0x55));
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
}

/* --- WaitFor -------------------------------------------------------------- */

Test(upcall, wait_for_returns_the_arguments_and_runs_nothing)
{
    struct process *p = with_grant();

    subscribe(p, 1, FN(p, 1));
    call(p, TOCK_CLASS_YIELD, TOCK_YIELD_WAIT_FOR, PROBE, 1, 0xc3);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_YIELDED_FOR));
    schedule(p, 1, 10);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    cr_expect(eq(u32, p->context.calls, 1));
    EXPECT_REGS(p->context.regs, 10, 11, 12, 0xc3);
}

Test(upcall, wait_for_needs_no_subscription)
{
    struct process *p = with_grant();

    yield_wait_for(p, PROBE, 0);
    schedule(p, 0, 10);
    settle();
    EXPECT_REGS(p->context.regs, 10, 11, 12, 0);
}

Test(upcall, wait_for_takes_the_oldest_match_and_leaves_the_others)
{
    struct process *p = with_grant();

    subscribe(p, 0, FN(p, 0));
    schedule(p, 0, 10);
    schedule(p, 1, 20);
    schedule(p, 0, 30);
    schedule(p, 1, 40);
    yield_wait_for(p, PROBE, 1);
    settle();
    cr_expect(eq(u32, p->context.regs[0], 20));
    yield_wait(p);
    settle();
    cr_expect(eq(u32, p->context.regs[0], 10));
    yield_wait(p);
    settle();
    cr_expect(eq(u32, p->context.regs[0], 30));
    yield_wait_for(p, PROBE, 1);
    settle();
    cr_expect(eq(u32, p->context.regs[0], 40));
}

Test(upcall, noise_after_the_match_does_not_hide_it)
{
    struct process *p = with_grant();

    yield_wait_for(p, PROBE, 1);
    settle();
    schedule(p, 1, 10);
    schedule(p, 0, 20);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    cr_expect(eq(u32, p->context.regs[0], 10));
}

Test(upcall, wait_for_what_does_not_exist_blocks)
{
    static const struct {
        uint32_t driver;
        uint32_t number;
    } ids[] = {{0x999, 0}, {PROBE, 2}, {PROBE, 0x100}, {PROBE, 0x10000}};

    for (unsigned i = 0; i < ARRAY_COUNT(ids); i++) {
        struct process *p = with_grant();

        yield_wait_for(p, ids[i].driver, ids[i].number);
        schedule(p, 0, 1);
        schedule(p, 1, 2);
        settle();
        cr_expect(eq(u8, p->state, PROCESS_YIELDED_FOR));
    }
}

Test(upcall, an_unknown_yield_returns_at_once)
{
    struct process *p = with_grant();

    EXPECT_REGS(call(p, TOCK_CLASS_YIELD, 3, 1, 2, 4), 3, 1, 2, 4);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
}

/* --- Subscribe and the queue ---------------------------------------------- */

Test(upcall, subscribe_removes_all_that_wait_for_the_same_number)
{
    struct process *p = with_grant();

    schedule(p, 0, 1); /* null */
    subscribe(p, 1, FN(p, 1));
    schedule(p, 1, 2);
    subscribe(p, 0, FN(p, 0));
    cr_expect(eq(u32, p->upcalls.count, 1));
    schedule(p, 0, 3);
    subscribe(p, 0, 0);
    cr_expect(eq(u32, p->upcalls.count, 1));
    yield_wait(p);
    settle();
    cr_expect(eq(u32, p->context.regs[0], 2));
}

Test(upcall, a_failed_subscribe_removes_nothing)
{
    struct process *p = with_grant();

    schedule(p, 0, 1);
    call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 0, 2, 0);
    cr_expect(eq(u32, p->upcalls.count, 1));
}

Test(upcall, an_upcall_keeps_function_and_userdata_of_when_it_was_queued)
{
    struct process *p = with_grant();

    schedule(p, 0, 1);
    schedule(p, 1, 2);
    subscribe(p, 0, FN(p, 0));
    yield_wait(p);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_YIELDED)); /* number 1 was null */
}

/* --- a full queue --------------------------------------------------------- */

static void flood(struct process *p, uint32_t number)
{
    for (uint32_t i = 0; i < 30; i++)
        schedule(p, number, 100 + i);
}

Test(upcall, a_full_queue_drops_the_newest_and_counts)
{
    struct process *p = with_grant();

    subscribe(p, 0, FN(p, 0));
    for (uint32_t i = 0; i < UPCALL_QUEUE_COMMON; i++)
        cr_expect(eq(int, schedule(p, 0, i), TOCK_OK));
    cr_expect(eq(int, schedule(p, 0, 99), TOCK_NOMEM));
    cr_expect(eq(int, schedule(p, 0, 99), TOCK_NOMEM));
    cr_expect(eq(u32, p->dropped_upcalls, 2));
    for (uint32_t i = 0; i < UPCALL_QUEUE_COMMON; i++) {
        yield_wait(p);
        settle();
        cr_expect(eq(u32, p->context.regs[0], i));
    }
    yield_wait(p);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_YIELDED));
}

Test(upcall, the_awaited_upcall_gets_in_when_the_queue_is_full)
{
    struct process *p = with_grant();

    subscribe(p, 0, FN(p, 0));
    flood(p, 0);
    yield_wait_for(p, PROBE, 1);
    settle();
    flood(p, 0);
    cr_expect(eq(int, schedule(p, 1, 7), TOCK_OK));
    settle();
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    cr_expect(eq(u32, p->context.regs[0], 7));
    cr_expect(eq(u32, p->upcalls.count, UPCALL_QUEUE_COMMON));
}

Test(upcall, the_reserved_place_takes_one_awaited_upcall)
{
    struct process *p = with_grant();

    subscribe(p, 0, FN(p, 0));
    flood(p, 0);
    yield_wait_for(p, PROBE, 1);
    cr_expect(eq(int, schedule(p, 1, 7), TOCK_OK));
    cr_expect(eq(int, schedule(p, 1, 8), TOCK_NOMEM));
    cr_expect(eq(u32, p->upcalls.count, UPCALL_QUEUE_COUNT));
}

Test(upcall, of_one_id_only_the_newest_null_upcalls_are_kept)
{
    struct process *p = with_grant();

    for (uint32_t i = 0; i < 12; i++)
        cr_expect(eq(int, schedule(p, 0, i), TOCK_OK));
    cr_expect(eq(u32, p->upcalls.count, UPCALL_NULL_PER_ID));
    cr_expect(eq(u32, p->dropped_upcalls, 12 - UPCALL_NULL_PER_ID));
    yield_wait_for(p, PROBE, 0);
    settle();
    cr_expect(eq(u32, p->context.regs[0], 12 - UPCALL_NULL_PER_ID));
}

Test(upcall, an_upcall_with_a_function_pushes_out_a_null_one)
{
    struct process *p = with_grant();

    schedule(p, 1, 5);
    schedule(p, 1, 6);
    subscribe(p, 0, FN(p, 0));
    for (uint32_t i = 0; i < UPCALL_QUEUE_COMMON; i++)
        cr_expect(eq(int, schedule(p, 0, i), TOCK_OK));
    cr_expect(eq(u32, p->upcalls.count, UPCALL_QUEUE_COUNT));
    cr_expect(eq(u32, p->dropped_upcalls, 1));
    cr_expect(eq(u32, p->upcalls.args[0].words[0], 6));
    cr_expect(eq(u32, p->upcalls.args[1].words[0], 0));
}

/* A driver that answers at once does so before the process is in WaitFor. */
Test(upcall, an_answer_before_wait_for_gets_into_a_full_queue)
{
    struct process *p = with_grant();

    subscribe(p, 0, FN(p, 0));
    flood(p, 0);
    cr_expect(eq(int, schedule(p, 1, 7), TOCK_OK));
    flood(p, 0);
    yield_wait_for(p, PROBE, 1);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    cr_expect(eq(u32, p->context.regs[0], 7));
}

Test(upcall, unread_alarms_do_not_keep_the_console_from_answering)
{
    struct process *p = with_grant();

    for (int i = 0; i < 12; i++) {
        command(p, ALARM, 5, 0, 0);
        settle();
    }
    call(p, TOCK_CLASS_ALLOW_RO, CONSOLE, 1, p->ram.start, 4);
    command(p, CONSOLE, 1, 4, 0);
    yield_wait_for(p, CONSOLE, 1);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    cr_expect(eq(u32, p->context.regs[0], 4));
}

/* --- who may not schedule ------------------------------------------------- */

Test(upcall, scheduling_says_why_it_cannot)
{
    struct process *p = board_with_one_app();

    cr_expect(eq(int, schedule(p, 0, 1), TOCK_NOMEM)); /* no grant yet */
    cr_expect(eq(int, schedule(p, 2, 1), TOCK_INVAL));
    cr_expect(eq(int, upcall_schedule(&board.bare.driver, p, 0, 0, 0, 0),
                 TOCK_INVAL));
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 0, 0, 0);
    cr_expect(eq(int, schedule(p, 0, 1), TOCK_NODEVICE));
}
