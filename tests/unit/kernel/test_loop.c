/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

TestSuite(loop, .timeout = 10);

static unsigned runs_of[BOARD_PROCESSES];

static bool count_run(struct arch_context *ctx)
{
    for (int i = 0; i < BOARD_PROCESSES; i++) {
        if (ctx == &board.processes[i].context)
            runs_of[i]++;
    }
    return false;
}

static void boot_apps(int count)
{
    board_power_on();
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    memset(runs_of, 0, sizeof(runs_of));
    host_cpu.idle = count_run;
}

/* --- round robin ---------------------------------------------------------- */

Test(loop, spinning_processes_share_the_processor_in_equal_slices)
{
    boot_apps(3);
    for (int i = 0; i < 300; i++)
        kernel_loop_once();
    cr_expect(eq(u32, runs_of[0], 100));
    cr_expect(eq(u32, runs_of[1], 100));
    cr_expect(eq(u32, runs_of[2], 100));
    cr_expect(eq(u32, host_slice.started_us, 10000));
    cr_expect(gt(u32, board.processes[0].expired_slices, 90));
}

Test(loop, a_waiting_process_costs_the_others_nothing)
{
    boot_apps(2);
    yield_wait(&board.processes[0]);
    settle();
    memset(runs_of, 0, sizeof(runs_of));
    for (int i = 0; i < 50; i++)
        kernel_loop_once();
    cr_expect(eq(u32, runs_of[0], 0));
    cr_expect(eq(u32, runs_of[1], 50));
}

static bool interrupt_after_4_ms(struct arch_context *ctx)
{
    count_run(ctx);
    host_slice.left_us -= 4000;
    host_chip.has_work = true;
    host_cpu.idle = count_run;
    return false;
}

/* The host's process spends what is left after idle, so work must come in the
 * middle: idle sets a trap that ends the run. */
static bool trap_after_4_ms(struct arch_context *ctx)
{
    const uint32_t args[4] = {0};

    interrupt_after_4_ms(ctx);
    host_trap_next(ctx, ARCH_TRAP_INTERRUPT, args);
    return true;
}

Test(loop, a_process_the_kernel_interrupts_goes_on_with_the_rest_of_its_slice)
{
    uint32_t serves;

    boot_apps(2);
    serves = host_chip.serves;
    host_cpu.idle = trap_after_4_ms;
    kernel_loop_once(); /* runs 4 ms, then the kernel has work */
    cr_expect(eq(u32, runs_of[0] + runs_of[1], 1));
    kernel_loop_once(); /* serves it */
    cr_expect(eq(u32, host_chip.serves, serves + 1));
    kernel_loop_once(); /* the same process */
    cr_expect(eq(u32, host_slice.started_us, 6000));
    cr_expect(eq(u32, runs_of[0] == 2 ? runs_of[0] : runs_of[1], 2));
    kernel_loop_once(); /* then the other, with a whole slice */
    cr_expect(eq(u32, host_slice.started_us, 10000));
    cr_expect(eq(u32, runs_of[0] + runs_of[1], 3));
}

static bool command_for_ever(struct arch_context *ctx)
{
    const uint32_t args[4] = {PROBE, 1, 0, 0};

    count_run(ctx);
    host_trap_next(ctx, TOCK_CLASS_COMMAND, args);
    return true;
}

Test(loop, system_calls_are_on_the_slice_of_their_process)
{
    boot_apps(2);
    host_slice.syscall_cost_us = 100;
    host_cpu.idle = command_for_ever;
    kernel_loop_once();
    kernel_loop_once();
    cr_expect(eq(u32, runs_of[0], 100));
    cr_expect(eq(u32, runs_of[1], 100));
}

Test(loop, the_slice_timer_is_stopped_when_no_process_runs)
{
    boot_apps(1);
    yield_wait(&board.processes[0]);
    settle();
    cr_expect(not(host_slice.is_running));
}

/* --- hardware and deferred calls ------------------------------------------ */

static unsigned deferred_runs;

static void run_deferred(struct deferred *self)
{
    (void)self;
    deferred_runs++;
}

static void run_again(struct deferred *self)
{
    deferred_runs++;
    if (deferred_runs < 5)
        deferred_set(self);
}

Test(loop, deferred_calls_run_once_each_in_order_before_any_process)
{
    struct deferred one = {.run = run_deferred};
    struct deferred two = {.run = run_again};

    boot_apps(1);
    deferred_runs = 0;
    deferred_set(&one);
    deferred_set(&two);
    deferred_set(&one);
    kernel_loop_once();
    cr_expect(eq(u32, deferred_runs, 5));
    cr_expect(eq(u32, runs_of[0], 0));
}

static void make_work(struct deferred *self)
{
    (void)self;
    host_chip.has_work = true;
}

Test(loop, an_interrupt_is_served_before_the_next_deferred_call)
{
    struct deferred one = {.run = make_work};
    struct deferred two = {.run = run_deferred};

    boot_apps(1);
    deferred_runs = 0;
    deferred_set(&one);
    deferred_set(&two);
    kernel_loop_once();
    cr_expect(eq(u32, deferred_runs, 0));
    kernel_loop_once();
    cr_expect(eq(u32, deferred_runs, 1));
    cr_expect(not(host_chip.has_work));
}

/* --- sleep ---------------------------------------------------------------- */

Test(loop, the_kernel_sleeps_only_when_nothing_waits)
{
    uint32_t waits;

    boot_apps(1);
    yield_wait(&board.processes[0]);
    settle();
    waits = host_cpu.waits;
    kernel_loop_once();
    cr_expect(eq(u32, host_cpu.waits, waits + 1));
    cr_expect(not(host_cpu.irq_disabled));
    host_chip.has_work = true;
    kernel_loop_once();
    cr_expect(eq(u32, host_cpu.waits, waits + 1));
}

/* Work that comes between the question and the sleep must be seen under the
 * disabled interrupts. The scheduler's answer is that moment. */
static struct process *next_and_interrupt(struct scheduler *self,
                                          uint32_t *slice_us)
{
    (void)self;
    (void)slice_us;
    host_chip.has_work = true;
    return NULL;
}

Test(loop, work_that_comes_at_the_last_moment_is_not_slept_through)
{
    static const struct scheduler_ops ops = {.next = next_and_interrupt};
    uint32_t waits;

    boot_apps(1);
    waits = host_cpu.waits;
    board.scheduler.scheduler.ops = &ops;
    kernel_loop_once();
    cr_expect(eq(u32, host_cpu.waits, waits));
}

/* --- protection ----------------------------------------------------------- */

Test(loop, windows_are_loaded_on_a_switch_and_after_a_change_only)
{
    boot_apps(2);
    yield_wait(&board.processes[1]);
    settle();

    uint32_t loads = host_cpu.mpu_loads;
    struct process *p = &board.processes[0];

    settle();
    command(p, PROBE, 1, 0, 0);
    cr_expect(eq(u32, host_cpu.mpu_loads, loads));
    raise_break(p, 512);
    settle();
    cr_expect(eq(u32, host_cpu.mpu_loads, loads + 1));
    cr_expect(eq(u32, host_cpu.mpu_stamp, p->mpu.stamp));
}
