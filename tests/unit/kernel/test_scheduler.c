/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

TestSuite(scheduler, .timeout = 20);

/*
 * Each process either computes for ever or works a little and waits. The
 * board's clock is the time that processes spend.
 */

static uint32_t spent_us[BOARD_PROCESSES];
static uint32_t now_us;
static uint32_t piece_us; /* the kernel has work after that much */

static uint32_t slot_of(const struct arch_context *ctx)
{
    uint32_t slot = 0;

    while (&board.processes[slot].context != ctx)
        slot++;
    return slot;
}

/* The process computes; then an interrupt comes. */
static bool compute(struct arch_context *ctx)
{
    const uint32_t args[4] = {0};
    uint32_t us = piece_us;

    if (host_slice.is_running && us >= host_slice.left_us)
        us = host_slice.left_us;
    else
        host_chip.has_work = true;
    if (host_slice.is_running)
        host_slice.left_us -= us;
    spent_us[slot_of(ctx)] += us;
    now_us += us;
    host_trap_next(ctx, ARCH_TRAP_INTERRUPT, args);
    return true;
}

static struct sched_priority priority;
static struct sched_mlfq mlfq;
static struct sched_mlfq_process mlfq_processes[BOARD_PROCESSES];

static struct process *boot(struct scheduler *scheduler, int count)
{
    board_power_on();
    board.config.scheduler = scheduler;
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    memset(spent_us, 0, sizeof(spent_us));
    now_us = 0;
    piece_us = 1000;
    host_cpu.idle = compute;
    kernel_boot(&board.config);
    return board.processes;
}

static void run_for(uint32_t us)
{
    uint32_t end = now_us + us;

    for (int turns = 0; now_us < end && turns < 1000000; turns++)
        kernel_loop_once();
}

/* One run of a process, or sleep; what the hardware wants comes first. */
static void turn(void)
{
    while (host_chip.has_work)
        kernel_loop_once();
    kernel_loop_once();
}

static void wake(struct process *p)
{
    (void)upcall_schedule(&board.probe.driver, p, 0, 0, 0, 0);
}

/* It has a function for event 0 and waits for it. */
static void let_wait(struct process *p)
{
    call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 0, p->flash_start + 256, 0);
    yield_wait(p);
    for (int i = 0; i < 200 && p->state != PROCESS_YIELDED; i++)
        kernel_loop_once();
    cr_assert(eq(u8, p->state, PROCESS_YIELDED));
}

static struct scheduler *scheduler_number(int number)
{
    switch (number) {
    case 0:
        return sched_rr_init(&board.scheduler);
    case 1:
        return sched_cooperative_init(&board.scheduler);
    case 2:
        return sched_priority_init(&priority);
    default:
        memset(mlfq_processes, 0, sizeof(mlfq_processes));
        return sched_mlfq_init(&mlfq, mlfq_processes);
    }
}

/* --- of all schedulers ---------------------------------------------------- */

Test(scheduler, when_all_processes_wait_the_kernel_sleeps)
{
    for (int number = 0; number < 4; number++) {
        for (int count = 1; count <= 4; count++) {
            uint32_t waits;

            /* board_power_on clears board.scheduler. */
            boot(scheduler_number(number), count);
            board.config.scheduler = scheduler_number(number);
            for (int i = 0; i < count; i++)
                let_wait(&board.processes[i]);
            waits = host_cpu.waits;
            for (int i = 0; i < 10; i++)
                kernel_loop_once();
            cr_expect(eq(u32, host_cpu.waits, waits + 10));
        }
    }
}

Test(scheduler, a_process_that_is_woken_runs_whatever_the_scheduler)
{
    for (int number = 0; number < 4; number++) {
        struct process *p = boot(scheduler_number(number), 4);
        uint32_t calls = 0;

        board.config.scheduler = scheduler_number(number);
        for (int i = 0; i < 4; i++)
            let_wait(&p[i]);
        for (int i = 3; i >= 0; i--) {
            wake(&p[i]);
            kernel_loop_once();
            calls += p[i].context.calls;
            cr_expect(eq(u8, p[i].state, PROCESS_RUNNING));
            let_wait(&p[i]);
        }
        cr_expect(eq(u32, calls, 8));
    }
}

/* --- round robin and cooperative ------------------------------------------ */

Test(scheduler, round_robin_is_fair_within_a_slice)
{
    boot(scheduler_number(0), 4);
    board.config.scheduler = scheduler_number(0);
    run_for(4000000);
    for (int i = 0; i < 4; i++)
        cr_expect(le(int, abs((int)spent_us[i] - 1000000), 10000));
}

Test(scheduler, a_flood_of_interrupts_takes_no_turn_from_anybody)
{
    boot(scheduler_number(0), 3);
    board.config.scheduler = scheduler_number(0);
    piece_us = 30;
    run_for(3000000);
    for (int i = 0; i < 3; i++)
        cr_expect(le(int, abs((int)spent_us[i] - 1000000), 10000));
}

/* 4 ms that the kernel works for whoever ran last. */
static void keep_busy(struct deferred *self)
{
    (void)self;
    host_slice.left_us -= host_slice.left_us < 4000 ? host_slice.left_us : 4000;
}

static bool compute_and_ask(struct arch_context *ctx)
{
    static struct deferred work;

    work.run = keep_busy;
    deferred_set(&work);
    return compute(ctx);
}

Test(scheduler, what_the_kernel_does_meanwhile_is_part_of_the_slice)
{
    boot(scheduler_number(0), 2);
    board.config.scheduler = scheduler_number(0);
    host_cpu.idle = compute_and_ask;
    piece_us = 100;
    for (int turns = 0; turns < 1000 && spent_us[1] == 0; turns++)
        kernel_loop_once();
    cr_expect(eq(u32, spent_us[0], 300));
    cr_expect(eq(u32, spent_us[1], 100));
}

Test(scheduler, under_cooperative_a_process_runs_until_it_waits)
{
    struct process *p = boot(scheduler_number(1), 3);
    uint32_t spent;

    board.config.scheduler = scheduler_number(1);
    run_for(1000000);
    cr_expect(eq(u32, spent_us[0], 1000000));
    cr_expect(eq(u32, p[0].expired_slices, 0));
    let_wait(&p[0]);
    spent = spent_us[0];
    run_for(50000);
    cr_expect(eq(u32, spent_us[0], spent));
    cr_expect(gt(u32, spent_us[1], 40000));
    cr_expect(eq(u32, spent_us[2], 0));
    wake(&p[0]); /* its turn comes after that of the third */
    let_wait(&p[1]);
    run_for(50000);
    cr_expect(gt(u32, spent_us[2], 40000));
    cr_expect(eq(u32, spent_us[0], spent));
}

/* --- priority ------------------------------------------------------------- */

Test(scheduler, under_priority_the_lowest_ready_slot_runs)
{
    struct process *p = boot(scheduler_number(2), 3);

    run_for(100000);
    cr_expect(eq(u32, spent_us[0], 100000));
    let_wait(&p[0]);
    run_for(100000);
    cr_expect(ge(u32, spent_us[1], 95000));
    cr_expect(eq(u32, spent_us[2], 0));
    wake(&p[0]);
    run_for(10000);
    cr_expect(ge(u32, spent_us[0], 109000));
}

static struct command_return wake_the_first(struct driver *driver,
                                            struct process *caller,
                                            uint32_t number, uint32_t arg0,
                                            uint32_t arg1)
{
    (void)driver;
    (void)caller;
    (void)number;
    (void)arg0;
    (void)arg1;
    wake(&board.processes[0]);
    return command_success();
}

Test(scheduler, a_system_call_that_wakes_a_higher_process_loses_the_processor)
{
    static const struct driver_ops ops = {.command = wake_the_first};
    static const uint32_t args[4] = {BARE, 1, 0, 0};
    struct process *p = boot(scheduler_number(2), 2);

    board.bare.driver.ops = &ops;
    let_wait(&p[0]);
    run_for(10000);
    memset(spent_us, 0, sizeof(spent_us));
    piece_us = 1000000; /* no interrupt comes to help */
    host_trap_next(&p[1].context, TOCK_CLASS_COMMAND, args);
    turn(); /* the call */
    turn(); /* nothing but a second look */
    turn();
    cr_expect(eq(u32, p[0].context.calls, 2));
    cr_expect(eq(u32, spent_us[1], 0));
}

Test(scheduler, a_system_call_that_wakes_another_costs_no_turn_in_round_robin)
{
    static const struct driver_ops ops = {.command = wake_the_first};
    static const uint32_t args[4] = {BARE, 1, 0, 0};
    struct process *p = boot(scheduler_number(0), 2);
    uint32_t calls = p[0].context.calls;

    board.config.scheduler = scheduler_number(0);
    board.bare.driver.ops = &ops;
    let_wait(&p[0]);
    while (p[1].context.has_trap || host_chip.has_work)
        kernel_loop_once();
    memset(spent_us, 0, sizeof(spent_us));
    piece_us = 2000;
    host_trap_next(&p[1].context, TOCK_CLASS_COMMAND, args);
    turn(); /* the call, and on in the same slice */
    cr_expect(eq(u32, spent_us[1], 2000));
    run_for(SCHED_RR_SLICE_US);
    cr_expect(eq(u32, p[0].context.calls, calls + 1));
    cr_expect(gt(u32, spent_us[0], 0));
}

/* --- multi-level feedback queue ------------------------------------------- */

Test(scheduler, under_mlfq_who_computes_sinks_and_who_waits_goes_first)
{
    struct process *p = boot(scheduler_number(3), 3);

    let_wait(&p[2]);
    run_for(200000);
    cr_expect(eq(u8, mlfq_processes[0].level, 2));
    cr_expect(eq(u8, mlfq_processes[1].level, 2));
    for (int i = 0; i < 5; i++) {
        uint32_t before = now_us;

        while (host_chip.has_work)
            kernel_loop_once();
        wake(&p[2]);
        turn();
        cr_expect(eq(u8, p[2].state, PROCESS_RUNNING), "wake %d", i);
        cr_expect(le(u32, now_us - before, 2000));
        yield_wait(&p[2]);
        run_for(30000);
    }
    cr_expect(eq(u8, mlfq_processes[2].level, 0));
}

Test(scheduler, under_mlfq_time_counts_however_it_is_cut)
{
    boot(scheduler_number(3), 1);
    piece_us = 100;
    run_for(9900);
    cr_expect(eq(u8, mlfq_processes[0].level, 1));
    run_for(20000);
    cr_expect(eq(u8, mlfq_processes[0].level, 2));
}

Test(scheduler, under_mlfq_equals_share)
{
    boot(scheduler_number(3), 4);
    run_for(4000000);
    for (int i = 0; i < 4; i++)
        cr_expect(le(int, abs((int)spent_us[i] - 1000000), 60000));
}

/* Two that always have something to do on level 0 would starve the third. */
Test(scheduler, under_mlfq_all_processes_are_promoted_each_five_seconds)
{
    boot(scheduler_number(3), 3);
    run_for(4900000);
    cr_expect(eq(u8, mlfq_processes[0].level, 2));
    run_for(105000);
    for (int i = 0; i < 3; i++)
        cr_expect(lt(u8, mlfq_processes[i].level, 2), "process %d", i);
}

Test(scheduler, under_mlfq_a_slice_is_never_without_limit)
{
    boot(scheduler_number(3), 2);
    run_for(1000);
    for (piece_us = 1; piece_us < 1500; piece_us += 7) {
        for (int i = 0; i < 50; i++) {
            kernel_loop_once();
            cr_assert(ge(u32, mlfq.slice_us, 1000));
            cr_assert(le(u32, mlfq.slice_us, 50000));
        }
    }
}

Test(scheduler, under_mlfq_a_new_life_begins_on_the_highest_level)
{
    struct process *p = boot(scheduler_number(3), 2);

    run_for(200000);
    cr_expect(eq(u8, mlfq_processes[0].level, 2));
    call(&p[0], TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    run_for(1000);
    cr_expect(lt(u8, mlfq_processes[0].level, 2));
}
