/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Three hostile processes on the unchanged kernel: system calls with any
 * arguments, likely and absurd ones mixed, writes to all memory that the
 * hardware lets them write, and between them whatever hardware, people and
 * management do. After each step everything that must hold is looked at:
 *
 * - breaks, high-water mark, windows and blocks (kernel/process.h);
 * - every queued upcall and every shared buffer;
 * - memory that a process gained is zero, and no step changed a byte of a
 *   process but what it shared to be written, or its own doing;
 * - a window on another's memory shows what that one shares, and no more;
 * - requests are ended once (syscalls/ledger.h), what is stored is changed by
 *   those who may (syscalls/stored.h), and what is computed is right
 *   (syscalls/computed.h).
 *
 * Input: two bytes for the board, then four for each step and up to four more
 * for arguments.
 */
#include "tests/fuzz/syscalls/invariants.h"
#include "tests/fuzz/syscalls/outside.h"

#include <setjmp.h>

enum { MAX_STEPS = 60, PATIENCE = 4000 };

/* Kinds of steps: classes of calls, what processes do, what happens. */
enum { HAPPENS = 17, STEPS = HAPPENS + 4 };

static struct sched_priority priority;
static struct sched_mlfq mlfq;
static struct sched_mlfq_process mlfq_processes[BOARD_PROCESSES];
static struct grant_piece piece;
static jmp_buf halted;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* --- what the linker leads through here ----------------------------------- */

enum tock_error __real_upcall_schedule(const struct driver *driver,
                                       struct process *process, uint32_t number,
                                       uint32_t arg0, uint32_t arg1,
                                       uint32_t arg2);
enum tock_error __wrap_upcall_schedule(const struct driver *driver,
                                       struct process *process, uint32_t number,
                                       uint32_t arg0, uint32_t arg1,
                                       uint32_t arg2);
void __real_tickv_set(struct tickv *self, uint64_t key, struct span value);
void __wrap_tickv_set(struct tickv *self, uint64_t key, struct span value);
void __real_tickv_invalidate(struct tickv *self, uint64_t key);
void __wrap_tickv_invalidate(struct tickv *self, uint64_t key);

enum tock_error __wrap_upcall_schedule(const struct driver *driver,
                                       struct process *process, uint32_t number,
                                       uint32_t arg0, uint32_t arg1,
                                       uint32_t arg2)
{
    note_upcall(driver, process, number, arg0);
    note_result(driver->index, process, arg0, arg1);
    if (driver == &kv.driver)
        note_kv(process, (enum tock_error)arg0, arg1);
    return __real_upcall_schedule(driver, process, number, arg0, arg1, arg2);
}

void __wrap_tickv_set(struct tickv *self, uint64_t key, struct span value)
{
    note_change(key);
    __real_tickv_set(self, key, value);
}

void __wrap_tickv_invalidate(struct tickv *self, uint64_t key)
{
    note_change(key);
    __real_tickv_invalidate(self, key);
}

/* --- the board ------------------------------------------------------------ */

/* The probe also misuses what the kernel gives capsules. */
static struct command_return mischief(struct driver *driver,
                                      struct process *caller, uint32_t number,
                                      uint32_t arg0, uint32_t arg1)
{
    static const uint32_t variants[] = {0, 1, 2, 3, 128, 129, 130, 131, 132};
    struct grant outer;
    struct grant inner;

    if (grant_enter(driver, caller, &outer) != TOCK_OK)
        return command_failure(TOCK_NOMEM);
    MUST(grant_enter(driver, caller, &inner) == TOCK_BUSY);
    GRANT_DATA(&outer, struct probe_grant)->counter += number;
    (void)upcall_schedule(driver, process_next(NULL), number % 3, arg0, arg1,
                          0);
    grant_leave(&outer);
    switch (number % 8) {
    case 1:
        (void)grant_piece_new(caller, arg0 % 300, &piece);
        break;
    case 2:
        if (grant_piece_enter(&piece, 0) != NULL)
            grant_piece_leave(&piece);
        break;
    case 3:
        manage_request(&can, caller, (enum process_action)(arg0 % 6));
        break;
    case 4: {
        uint8_t bytes[64];
        struct span all = {bytes, sizeof(bytes)};

        memset(bytes, (int)arg1, sizeof(bytes));
        (void)buffer_readonly_get(driver, caller, number % 4, arg0, all);
        (void)buffer_writable_put(driver, caller, number % 4, arg0, all);
        break;
    }
    default:
        break;
    }
    return (struct command_return){
        {variants[number % ARRAY_COUNT(variants)], arg0, arg1, number}};
}

/* Its registers stay. */
static bool compute(struct arch_context *ctx)
{
    const uint32_t args[4] = {ctx->regs[0], ctx->regs[1], ctx->regs[2],
                              ctx->regs[3]};
    uint32_t left = host_slice.left_us;

    host_slice.left_us = left > 3000 ? left - 3000 : 0;
    host_chip.has_work = true;
    host_trap_next(ctx, ARCH_TRAP_INTERRUPT, args);
    return true;
}

static struct scheduler *choose_scheduler(uint32_t number)
{
    switch (number % 4) {
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

/* The one panic there may be: somebody typed its name. */
static void halt(void)
{
    MUST(memcmp(shell.entered.bytes, "panic", 5) == 0);
    longjmp(halted, 1);
}

/* Some may read what others store, and change it. */
static void install_apps(uint32_t how)
{
    static const struct tbf_permission_spec permissions[] = {
        {PROBE, 0, UINT64_MAX}, {CONSOLE, 0, 0x7}};
    static const uint32_t ids[] = {7, 8};
    static const uint32_t own[] = {9};

    board_install(&(struct board_app){.name = "a", .ram = 1600, .short_id = 7});
    board_install(&(struct board_app){.name = "b",
                                      .ram = 2300 + (how >> 6),
                                      .short_id = 8,
                                      .has_storage = true,
                                      .write_id = 8,
                                      .read_ids = ids,
                                      .read_count = 2,
                                      .modify_ids = ids + 1,
                                      .modify_count = 1});
    board_install(&(struct board_app){
        .name = "c",
        .ram = 1500,
        .permissions = permissions,
        .permission_count = how & 16 ? ARRAY_COUNT(permissions) : 0,
        .short_id = how & 32 ? 9 : 0,
        .has_storage = true,
        .write_id = 9,
        .read_ids = own,
        .read_count = 1,
        .modify_ids = ids,
        .modify_count = 2});
}

static void boot(uint32_t how)
{
    static const struct driver_ops ops = {.command = mischief,
                                          .allow_readable = probe_readable,
                                          .process_gone = probe_gone};
    static const enum place_kind kinds[] = {PLACE_ARMV7M, PLACE_PMP};

    board_power_on();
    host_place_kind = kinds[how & 1];
    host_initial_app_size = how & 1 ? 0 : 32;
    board.probe.driver.ops = &ops;
    board.config.scheduler = choose_scheduler(how >> 1);
    board.config.dump = NULL;
    board.config.fault_policy =
        how & 8 ? KERNEL_FAULT_RESTART_STOP : KERNEL_FAULT_RESTART;
    board.config.fault_restarts = 2;
    board.config.uses_permissions = true;
    board.config.short_ids = KERNEL_IDS_HEADER;
    board.config.storage_rights = KERNEL_STORAGE_HEADER;
    install_apps(how);
    init_drivers();
    board.config.drivers = drivers;
    board.config.driver_count = DRIVERS;
    host_cpu.idle = compute;
    host_cpu.on_halt = halt;
    memset(before, 0, sizeof(before));
    memset(ledger, 0, sizeof(ledger));
    memset(&calling, 0, sizeof(calling));
    memset(keys, 0, sizeof(keys));
    memset(chosen, 0, sizeof(chosen));
    memset(readable, 0, sizeof(readable));
    forget_results();
    piece = (struct grant_piece){.owner = {UINT32_MAX, UINT32_MAX}};
    kernel_boot(&board.config);
    init_stored();
}

/* --- steps ---------------------------------------------------------------- */

/* Everything that was asked for gets the time it needs. */
static void finish_everything(void)
{
    host_uart.is_slow = false;
    nor.is_slow = false;
    for (int i = 0; i < PATIENCE && is_any_open(); i++) {
        flash_end(true);
        for (uint32_t j = 0; j < SENSORS; j++)
            sensor_end(&sensors[j], TOCK_OK, 1);
        generator_end(TOCK_OK);
        host_uart_send_out();
        turns(1);
        host_uart.text_len = 0;
    }
    for (int i = 0; i < 2 * (int)PANEL_CHANGES && port.sending.len != 0; i++)
        port_send_out();
}

static void check_end(void)
{
    finish_everything();
    check_all(NULL);
    MUST(!is_any_open());
    MUST(port.sending.len == 0);
    for (uint32_t i = 0; i < LEDS; i++)
        MUST(port.is_lit[i] == lights[i].is_lit);
}

/* The flag of Yield, and what a break that falls and rises clears. */
static bool writes_own(uint32_t class)
{
    return class == TOCK_CLASS_YIELD || class == TOCK_CLASS_MEMOP;
}

/* This process, or another if it waits or is dead. */
static struct process *choose_process(uint32_t slot)
{
    for (uint32_t i = 0; i < HOSTILE; i++) {
        struct process *p = &board.processes[(slot + i) % HOSTILE];

        if (is_running(p))
            return p;
    }
    return &board.processes[slot % HOSTILE];
}

/* Enough for the checks to tell what store writes from what was gained. */
static void store_in_room(struct input *in, struct process *p)
{
    make_room(p);
    check_all(p);
    store(in, p);
}

static void reckon_in_room(struct input *in, struct process *p)
{
    make_room(p);
    check_all(p);
    reckon(in, p);
}

/* The process is interrupted, or breaks a rule, maybe without a stack. */
static void interrupt(struct input *in, struct process *p)
{
    static const uint32_t args[4] = {0};

    p->context.has_bad_stack = take(in, 1) % 16 == 0;
    trap(p, take(in, 1) % 8 == 0 ? ARCH_TRAP_FAULT : ARCH_TRAP_INTERRUPT, args);
    p->context.has_bad_stack = false;
}

/* What a process does; true if it may write its own memory in doing so. */
static bool act(struct input *in, struct process *p, uint32_t what)
{
    static const struct {
        void (*act)(struct input *in, struct process *p);
        bool writes_own;
    } acts[] = {{share, false},        {move_break, true}, {write_memory, true},
                {store_in_room, true}, {use, false},       {interrupt, true},
                {reckon_in_room, true}};
    uint32_t class = what < 9 ? what : TOCK_CLASS_COMMAND;

    if (what >= 10) {
        acts[what - 10].act(in, p);
        return acts[what - 10].writes_own;
    }
    system_call(in, p, class);
    return writes_own(class);
}

/* What happens without them. */
static void happen(struct input *in, uint32_t what, uint32_t which)
{
    if (what == 17)
        hardware(in, which + take(in, 1));
    else if (what == 18)
        management(in, which);
    else if (what == 19)
        person(in, take(in, 1));
    else
        slow_hardware(in, take(in, 1));
}

static void step(struct input *in)
{
    uint32_t what = take(in, 1);
    struct process *p = choose_process(what / STEPS);
    uint32_t which = what % STEPS;

    if (which < HAPPENS || which == HAPPENS + 2)
        forget_results();
    if (which < HAPPENS) {
        check_all(act(in, p, which) ? p : NULL);
    } else {
        happen(in, which, what / STEPS);
        check_all(NULL);
    }
}

static void report_calls(void)
{
    fprintf(stderr,
            "fuzz_syscalls: %llu system calls, %llu requests, %llu results "
            "compared, %llu open windows\n",
            (unsigned long long)total_calls, (unsigned long long)total_requests,
            (unsigned long long)total_compared,
            (unsigned long long)total_windows);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    atexit(report_calls);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};

    if (setjmp(halted) != 0)
        return 0;
    boot(take(&in, 2));
    check_all(NULL);
    for (int i = 0; i < MAX_STEPS && in.len != 0; i++)
        step(&in);
    check_end();
    return 0;
}
