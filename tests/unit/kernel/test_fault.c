/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

#include "capsule/manage.h"

#include <criterion/parameterized.h>

#include <setjmp.h>

TestSuite(fault, .timeout = 10);

static jmp_buf halted;

static void on_halt(void)
{
    longjmp(halted, 1);
}

static void two_apps(void)
{
    board_power_on();
    board_install(&(struct board_app){.name = "bad"});
    board_install(&(struct board_app){.name = "good"});
    board_boot();
    forget_text();
}

Test(fault, the_faulty_process_stops_and_the_other_goes_on)
{
    two_apps();
    fault(&board.processes[0]);
    settle();
    cr_expect(eq(u8, board.processes[0].state, PROCESS_FAULTED));
    cr_expect(eq(u8, board.processes[1].state, PROCESS_RUNNING));
    command(&board.processes[1], PROBE, 5, 0, 0);
    cr_expect(eq(u32, board.probe.number, 5));
}

Test(fault, the_dump_names_process_state_memory_and_registers)
{
    const struct process *p = &board.processes[0];
    char address[32];

    two_apps();
    fault(&board.processes[0]);
    settle();
    cr_expect(said("Process bad had a fault\r\n"));
    cr_expect(said("bad   -   [Faulted]\r\n"));
    snprintf(address, sizeof(address), "\r\n  0x%08X ", p->bounds.app_break);
    cr_expect(said(address));
    cr_expect(said("host registers\r\n"));
    cr_expect(said("Process bad faulted and was stopped.\r\n"));
}

Test(fault, a_faulty_process_never_runs_again)
{
    uint32_t runs;

    two_apps();
    fault(&board.processes[0]);
    call(&board.processes[1], TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 0, 0, 0);
    runs = host_cpu.runs;
    settle();
    cr_expect(eq(u32, host_cpu.runs, runs));
}

Test(fault, drivers_are_told)
{
    struct process_ref bad;

    two_apps();
    bad = process_ref(&board.processes[0]);
    fault(&board.processes[0]);
    cr_expect(eq(u32, board.probe.gone, 1));
    cr_expect(eq(u32, board.probe.last_gone.id, bad.id));
    cr_expect(eq(ptr, process_find(bad), NULL));
}

Test(fault,
     under_the_restart_stop_policy_it_comes_back_a_limited_number_of_times)
{
    struct process *p = &board.processes[0];

    board_power_on();
    board.config.fault_policy = KERNEL_FAULT_RESTART_STOP;
    board.config.fault_restarts = 1;
    board_install(&(struct board_app){.name = "bad"});
    board_boot();
    for (uint32_t i = 1; i <= 2; i++) {
        uint32_t id = p->id;

        fault(p);
        settle();
        cr_expect(eq(u8, p->state, PROCESS_RUNNING));
        cr_expect(eq(u32, p->restart_count, i));
        cr_expect(gt(u32, p->id, id));
    }
    cr_expect(said("Process bad faulted and will be restarted.\r\n"));
    cr_expect(not(said("was stopped")));
    fault(p);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_FAULTED));
    cr_expect(said("Process bad faulted and was stopped.\r\n"));
}

Test(fault, under_the_restart_policy_it_always_comes_back)
{
    struct process *p = &board.processes[0];

    board_power_on();
    board.config.fault_policy = KERNEL_FAULT_RESTART;
    board.config.dump = NULL;
    board_install(&(struct board_app){.name = "bad"});
    board_boot();
    for (uint32_t i = 1; i <= 100; i++) {
        fault(p);
        settle();
        cr_assert(eq(u8, p->state, PROCESS_RUNNING));
        cr_assert(eq(u32, p->restart_count, i));
    }
    cr_expect(said("Process bad had a fault\r\n"
                   "Process bad faulted and will be restarted.\r\n"));
}

Test(fault, under_the_restart_panic_policy_the_last_fault_is_the_kernels_end)
{
    board_power_on();
    board.config.fault_policy = KERNEL_FAULT_RESTART_PANIC;
    board.config.fault_restarts = 0;
    board_install(&(struct board_app){.name = "bad"});
    board_boot();
    fault(&board.processes[0]);
    settle();
    cr_expect(eq(u8, board.processes[0].state, PROCESS_RUNNING));
    host_cpu.on_halt = on_halt;
    if (setjmp(halted) == 0)
        fault(&board.processes[0]);
    cr_expect(host_cpu.has_halted);
}

Test(fault, an_app_that_vanished_from_flash_is_not_restarted)
{
    struct process *p = &board.processes[0];

    board_power_on();
    board.config.fault_policy = KERNEL_FAULT_RESTART;
    board_install(&(struct board_app){.name = "bad"});
    board_install(&(struct board_app){.name = "good"});
    board_boot();
    memset(host_memory(p->flash_start), 0, 64);
    fault(p);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_TERMINATED));
    cr_expect(said(" cannot start again.\r\n"));
    cr_expect(eq(u8, board.processes[1].state, PROCESS_RUNNING));
}

Test(fault, under_the_panic_policy_the_kernel_says_all_it_knows_and_halts)
{
    board_power_on();
    board.config.fault_policy = KERNEL_FAULT_PANIC;
    board_install(&(struct board_app){.name = "bad"});
    board_install(&(struct board_app){.name = "good"});
    board_boot();
    host_uart.is_slow = true;
    debug_line("on its way");
    settle();
    debug_line("unsent");
    host_cpu.on_halt = on_halt;
    if (setjmp(halted) == 0)
        fault(&board.processes[0]);
    cr_expect(host_cpu.has_halted);
    cr_expect(host_cpu.irq_disabled);
    cr_expect(ne(ptr, strstr(panic_text, "on its way"), NULL));
    cr_expect(ne(ptr, strstr(panic_text, "unsent"), NULL));
    cr_expect(ne(ptr, strstr(panic_text, "Process bad had a fault"), NULL));
    cr_expect(ne(ptr, strstr(panic_text, "bad   -   [Faulted]"), NULL));
    cr_expect(ne(ptr, strstr(panic_text, "good   -   [Running]"), NULL));
}

static void describe(arch_put put, void *sink)
{
    put(sink, "trap registers\r\n");
}

Test(fault, an_exception_of_the_kernel_is_described_by_the_port)
{
    two_apps();
    host_cpu.on_halt = on_halt;
    if (setjmp(halted) == 0)
        kernel_exception("kernel stack overflow", describe);
    cr_expect(
        ne(ptr, strstr(panic_text, "panicked: kernel stack overflow"), NULL));
    cr_expect(ne(ptr, strstr(panic_text, "trap registers"), NULL));
    cr_expect(ne(ptr, strstr(panic_text, "good   -   [Running]"), NULL));
}

Test(fault, a_panic_names_the_place_and_a_second_one_only_halts)
{
    uint32_t len;

    two_apps();
    host_cpu.on_halt = on_halt;
    if (setjmp(halted) == 0)
        kernel_panic("sky is falling", "sky.c", 12);
    cr_expect(
        ne(ptr, strstr(panic_text, "panicked at sky.c:12:\r\nsky is"), NULL));
    len = panic_len;
    if (setjmp(halted) == 0)
        kernel_panic("again", "sky.c", 13);
    cr_expect(eq(u32, panic_len, len));
}

Test(fault, the_names_of_states_and_completions_are_printed)
{
    two_apps();
    call(&board.processes[1], TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 33, 0, 0);
    yield_wait_for(&board.processes[0], PROBE, 1);
    host_cpu.on_halt = on_halt;
    if (setjmp(halted) == 0)
        kernel_panic("look", __FILE__, 1);
    cr_expect(
        ne(ptr,
           strstr(panic_text, "bad   -   [YieldedFor(UpcallId { driver_num: "
                              "0x777, subscribe_num: 1 })]"),
           NULL));
    cr_expect(ne(ptr, strstr(panic_text, "Last Syscall: Yield"), NULL));
    cr_expect(ne(ptr, strstr(panic_text, "good   -   [Terminated]"), NULL));
    cr_expect(ne(ptr, strstr(panic_text, "Completion Code: 33"), NULL));
}

/* Each function of capsule/manage.h, given no capability. */
static void without_capability(uint32_t which)
{
    struct process *p = &board.processes[0];
    struct print_sink *nowhere = NULL;
    struct process_info info;

    switch (which) {
    case 0:
        (void)manage_process(NULL, 0);
        break;
    case 1:
        (void)manage_slots(NULL);
        break;
    case 2:
        manage_info(NULL, p, &info);
        break;
    case 3:
        manage_request(NULL, p, PROCESS_ACTION_TERMINATE);
        break;
    case 4:
        manage_unload(NULL, p);
        break;
    case 5:
        cr_expect(not(manage_load(NULL, 0)));
        break;
    case 6:
        manage_put_state(NULL, p, nowhere);
        break;
    case 7:
        (void)manage_put_process_line(NULL, p, 0, nowhere);
        break;
    case 8:
        (void)manage_put_kernel_line(NULL, 0, nowhere);
        break;
    default:
        manage_panic(NULL, "a capsule's");
    }
}

ParameterizedTestParameters(fault, a_null_capability_is_the_kernels_end)
{
    static uint32_t functions[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

    return cr_make_param_array(uint32_t, functions, 10);
}

ParameterizedTest(uint32_t *function, fault,
                  a_null_capability_is_the_kernels_end)
{
    two_apps();
    host_cpu.on_halt = on_halt;
    if (setjmp(halted) == 0)
        without_capability(*function);
    cr_expect(host_cpu.has_halted);
    cr_expect(ne(ptr, strstr(panic_text, "capability != NULL"), NULL),
              "function %u", *function);
}
