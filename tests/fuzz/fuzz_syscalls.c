/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Three hostile processes on the unchanged kernel: system calls with any
 * arguments, likely and absurd ones mixed, writes to all memory that the
 * hardware lets them write, and between them whatever hardware and management
 * do. After each step everything that must hold is looked at:
 *
 * - breaks, high-water mark, windows and blocks (kernel/process.h);
 * - every queued upcall and every shared buffer;
 * - memory that a process gained is zero, and no step of one process changed
 *   a byte of another that it did not share;
 * - a window on another's memory shows what that one shares, and no more.
 *
 * Input: two bytes for the board, then four for each step and up to four more
 * for arguments.
 */
#include "tests/unit/kernel/host_board.h"

#include "base/bits.h"
#include "capsule/manage.h"
#include "core/led.h"
#include "core/low_level_debug.h"
#include "extra/ipc.h"
#include "grant.h"
#include "kernel/capability.h"
#include "lifecycle.h"
#include "queue.h"
#include "virtual/led_memory.h"

enum { HOSTILE = 3, MAX_STEPS = 40, DRIVERS = 7 };

#define MAX_BLOCK 4096u

static const struct capability_manage can;

static struct led led;
static struct led_memory light;
static struct low_level_debug lld;
static struct ipc ipc;
static struct uart_mux_device lld_uart;
static struct sched_priority priority;
static struct sched_mlfq mlfq;
static struct sched_mlfq_process mlfq_processes[BOARD_PROCESSES];
static struct kernel_driver drivers[DRIVERS];
static struct grant_piece piece;
static uint64_t total_calls;
static uint64_t total_windows; /* seen open by the checks */

/* What a process's block was after the step before. */
static struct memory {
    uint32_t id;
    bool is_alive;
    struct place_block block;
    uint32_t enabled_end;
    uint8_t bytes[MAX_BLOCK];
} before[HOSTILE];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define MUST(condition)                                             \
    do {                                                            \
        if (!(condition)) {                                         \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
            abort();                                                \
        }                                                           \
    } while (0)

struct input {
    const uint8_t *data;
    size_t len;
};

static uint32_t take(struct input *in, uint32_t len)
{
    uint32_t value = 0;

    for (; len > 0 && in->len > 0; len--, in->len--)
        value = value << 8 | *in->data++;
    return value;
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

static void boot(uint32_t how)
{
    static const struct driver_ops ops = {.command = mischief,
                                          .allow_readable = probe_readable,
                                          .process_gone = probe_gone};
    static const struct tbf_permission_spec permissions[] = {
        {PROBE, 0, UINT64_MAX}, {CONSOLE, 0, 0x7}};
    static const enum place_kind kinds[] = {PLACE_ARMV7M, PLACE_PMP};

    board_power_on();
    host_place_kind = kinds[how & 1];
    host_initial_app_size = how & 1 ? 0 : 32;
    led_init(&led);
    led_add(&led, led_memory_init(&light));
    low_level_debug_init(&lld, uart_mux_add(&board.uart_mux, &lld_uart));
    board.probe.driver.ops = &ops;
    memcpy(drivers, board.drivers, sizeof(board.drivers));
    drivers[4] = (struct kernel_driver){TOCK_DRIVER_LED, &led.driver};
    drivers[5] =
        (struct kernel_driver){TOCK_DRIVER_LOW_LEVEL_DEBUG, &lld.driver};
    ipc_init(&ipc, HOSTILE);
    drivers[6] = (struct kernel_driver){TOCK_DRIVER_IPC, &ipc.driver};
    board.config.drivers = drivers;
    board.config.driver_count = DRIVERS;
    board.config.scheduler = choose_scheduler(how >> 1);
    board.config.dump = NULL;
    board.config.fault_policy =
        how & 8 ? KERNEL_FAULT_RESTART_STOP : KERNEL_FAULT_RESTART;
    board.config.fault_restarts = 2;
    board.config.uses_permissions = true;
    board_install(&(struct board_app){.name = "a", .ram = 900});
    board_install(&(struct board_app){.name = "b", .ram = 1500 + (how >> 6)});
    board_install(&(struct board_app){
        .name = "c",
        .ram = 800,
        .permissions = permissions,
        .permission_count = how & 16 ? ARRAY_COUNT(permissions) : 0});
    host_cpu.idle = compute;
    memset(before, 0, sizeof(before));
    piece = (struct grant_piece){.owner = {UINT32_MAX, UINT32_MAX}};
    kernel_boot(&board.config);
}

/* --- arguments ------------------------------------------------------------ */

/* A number that means something to the kernel, or nearly so, or anything. */
static uint32_t argument(struct input *in, const struct process *p)
{
    const uint32_t places[] = {
        p->ram.start,
        p->bounds.app_break,
        p->high_water,
        p->kernel_break,
        p->mpu.enabled_end,
        p->ram.start + p->ram.size,
        p->flash_start,
        p->flash_start + p->protected_size,
        p->flash_start + p->flash_size,
        board.processes[0].ram.start,
        board.processes[1].bounds.app_break,
        HOST_RAM_START + HOST_RAM_SIZE,
        0,
        UINT32_MAX,
        0x7fffffff,
        0x80000000,
    };
    uint32_t kind = take(in, 1);

    if (kind < 96)
        return kind % 12;
    if (kind < 224)
        return places[kind % ARRAY_COUNT(places)] + (uint32_t)(kind / 16 % 8) -
               3;
    if (kind < 240)
        return take(in, 1) * 4;
    return take(in, 4);
}

static uint32_t driver_number(uint32_t byte)
{
    static const uint32_t numbers[] = {
        PROBE, CONSOLE,         ALARM, BARE,
        PROBE, TOCK_DRIVER_LED, 8,     TOCK_DRIVER_IPC,
        PROBE, TOCK_DRIVER_IPC, 0x9999};

    return numbers[byte % ARRAY_COUNT(numbers)];
}

/* --- steps ---------------------------------------------------------------- */

static void turns(int count)
{
    while (count-- > 0)
        kernel_loop_once();
}

static bool is_running(const struct process *p)
{
    return p->state == PROCESS_RUNNING;
}

/* The call is taken back if the process does not get the processor. */
static void trap(struct process *p, uint32_t kind, const uint32_t args[4])
{
    if (!is_running(p))
        return;
    host_trap_next(&p->context, kind, args);
    for (int i = 0; i < 30 && p->context.has_trap && is_running(p); i++)
        kernel_loop_once();
    p->context.has_trap = false;
}

/* Subscribe leaves no event of its kind in the queue. */
static void check_unqueued(const struct process *p, uint32_t number,
                           uint32_t event)
{
    for (uint32_t d = 0; d < DRIVERS; d++) {
        struct upcall_id id = {(uint8_t)d, (uint8_t)event};

        MUST(drivers[d].number != number || !queue_has(&p->upcalls, id));
    }
}

static void system_call(struct input *in, struct process *p, uint32_t class)
{
    uint32_t args[4];

    args[0] = class >= TOCK_CLASS_SUBSCRIBE && class <= TOCK_CLASS_ALLOW_RO
                  ? driver_number(take(in, 1))
                  : take(in, 1) % 14;
    if (class == TOCK_CLASS_ALLOW_UR)
        args[0] = driver_number(args[0]);
    for (int i = 1; i < 4; i++)
        args[i] = argument(in, p);
    /* Exits are so final that most of them are something else. */
    if (class == TOCK_CLASS_EXIT && take(in, 1) % 4 != 0)
        args[0] = 2;
    total_calls++;
    trap(p, class, args);
    if (class == TOCK_CLASS_SUBSCRIBE && is_running(p) &&
        p->context.regs[0] == TOCK_SUCCESS_U32_U32)
        check_unqueued(p, args[0], args[1]);
}

/* Up or down by any number of bytes that the block has. */
static void move_break(struct input *in, struct process *p)
{
    uint32_t at = take(in, 2) % (p->ram.size + 1);
    const uint32_t args[4] = {TOCK_MEMOP_BRK, p->ram.start + at};

    total_calls++;
    trap(p, TOCK_CLASS_MEMOP, args);
}

/* A buffer that any hardware can open, from p to another, which is told. */
static void share(struct input *in, struct process *p)
{
    uint32_t to = take(in, 1) % HOSTILE;
    struct process *guest = &board.processes[to];
    uint32_t addr = p->ram.start + 64 * (take(in, 1) % 16);
    const uint32_t allow[4] = {TOCK_DRIVER_IPC, to, addr, 64};
    const uint32_t tell[4] = {TOCK_DRIVER_IPC, 2, to};
    const uint32_t subscribe[4] = {TOCK_DRIVER_IPC, to,
                                   guest->flash_start + 256, 0};
    const uint32_t yield[4] = {take(in, 1) % 3, TOCK_DRIVER_IPC, to};

    total_calls += 4;
    trap(p, TOCK_CLASS_ALLOW_RW, allow);
    trap(guest, TOCK_CLASS_SUBSCRIBE, subscribe);
    trap(p, TOCK_CLASS_COMMAND, tell);
    trap(guest, TOCK_CLASS_YIELD, yield);
}

/* Through a window on another process, too. */
static void write_memory(struct input *in, struct process *p)
{
    uint32_t where = take(in, 1) % (2 * PLACE_WINDOWS);
    uint32_t start = p->ram.start;
    uint32_t room = p->mpu.enabled_end - start;
    uint32_t len;

    if (!process_is_alive(p))
        return;
    if (where < PLACE_WINDOWS && p->mpu.windows[where].size != 0) {
        start = p->mpu.windows[where].start;
        room = p->mpu.windows[where].size;
    }
    start += take(in, 2) % (room + 1);
    len = take(in, 1) * 8;
    room =
        range_inside(start, 0, p->ram.start, p->mpu.enabled_end)
            ? p->mpu.enabled_end - start
            : p->mpu.windows[where].start + p->mpu.windows[where].size - start;
    if (len > room)
        len = room;
    if (len != 0)
        memset(host_memory(start), (int)take(in, 1) | 1, len);
}

static void hardware(struct input *in, uint32_t what)
{
    static const char typed[] = "a line that somebody types";

    switch (what % 6) {
    case 0:
        host_alarm_advance(take(in, 2));
        break;
    case 1:
        host_alarm_advance(take(in, 4));
        break;
    case 2:
        host_uart_type(typed + take(in, 1) % sizeof(typed));
        break;
    case 3:
        host_uart.is_slow = take(in, 1) % 4 == 0;
        host_uart_send_out();
        break;
    case 4:
        host_chip.has_work = true;
        break;
    default:
        (void)upcall_schedule(&board.probe.driver,
                              &board.processes[take(in, 1) % HOSTILE],
                              take(in, 1) % 3, take(in, 1), 2, 3);
        break;
    }
    host_uart.text_len = 0;
    turns(1 + (int)(what / 6 % 4));
}

static void management(struct input *in, uint32_t what)
{
    struct process *p = manage_process(&can, what % HOSTILE);
    uint32_t action = take(in, 1) % 9;

    if (p == NULL)
        return;
    if (action > PROCESS_ACTION_BOOT) {
        uint32_t flash = p->flash_start;
        struct process_info info;

        manage_info(&can, p, &info);
        MUST(info.grants_used <= info.grants_total);
        manage_unload(&can, p);
        MUST(manage_load(&can, flash));
    } else {
        manage_request(&can, p, (enum process_action)action);
    }
    turns(2);
}

/* --- what must hold ------------------------------------------------------- */

static void check_block(const struct process *p)
{
    uint32_t end = 0;
    uint32_t area_end = HOST_RAM_START + HOST_RAM_SIZE;

    MUST(p->ram.size <= MAX_BLOCK);
    MUST(range_inside(p->ram.start, p->ram.size, HOST_RAM_START, area_end));
    for (uint32_t i = 0; i < p->slot; i++) {
        const struct place_block *other = &board.processes[i].ram;

        MUST(other->start + other->size <= p->ram.start ||
             p->ram.start + p->ram.size <= other->start);
    }
    MUST(p->bounds.ram_start == p->ram.start);
    MUST(p->ram.start <= p->high_water);
    MUST(p->high_water <= p->bounds.app_break);
    MUST(place_enabled_end(host_place_kind, &p->ram, p->bounds.app_break,
                           p->kernel_break, &end));
    MUST(p->mpu.enabled_end == end);
    MUST(p->bounds.app_break <= end);
    MUST(end <= p->kernel_break);
    MUST(p->kernel_break <= p->ram.start + p->ram.size);
    MUST(p->mpu.flash_start == p->flash_start);
    MUST(p->mpu.flash_size == p->flash_size);
}

static void check_queue(const struct process *p)
{
    const struct upcall_queue *queue = &p->upcalls;

    MUST(queue->count <= UPCALL_QUEUE_COUNT);
    MUST(process_is_alive(p) || queue->count == 0);
    for (uint32_t i = 0; i < queue->count; i++) {
        struct upcall_id id = queue->ids[i];

        MUST(id.driver < DRIVERS);
        MUST(id.number < drivers[id.driver].driver->grant->upcalls);
        MUST(queue_function(p, id) != NULL ||
             queue_count_id(queue, id) <= UPCALL_NULL_PER_ID);
    }
}

static void check_buffers(const struct process *p)
{
    for (uint32_t d = 0; d < DRIVERS; d++) {
        const struct driver *driver = drivers[d].driver;

        for (uint32_t i = 0; driver->grant != NULL && i < 2; i++) {
            const struct grant_slot *readonly =
                grant_slot_existing(driver, p, GRANT_READONLY, i);
            const struct grant_slot *writable =
                grant_slot_existing(driver, p, GRANT_WRITABLE, i);

            MUST(readonly == NULL || readonly->second == 0 ||
                 range_inside(readonly->first, readonly->second, p->ram.start,
                              p->high_water) ||
                 range_inside(readonly->first, readonly->second,
                              p->flash_start + p->protected_size,
                              p->flash_start + p->flash_size));
            MUST(writable == NULL || writable->second == 0 ||
                 range_inside(writable->first, writable->second, p->ram.start,
                              p->high_water));
        }
    }
}

static void check_windows(const struct process *p)
{
    for (uint32_t i = 0; i < PLACE_WINDOWS; i++) {
        const struct place_block *window = &p->mpu.windows[i];
        const struct process_share *share = &p->shares[i];

        MUST((window->size != 0) == (share->owner_plus_one != 0));
        if (window->size == 0)
            continue;
        total_windows++;

        const struct process *owner =
            &board.processes[share->owner_plus_one - 1];

        MUST(owner != p && owner->state != PROCESS_EMPTY);
        MUST(range_inside(window->start, window->size, owner->ram.start,
                          owner->high_water));
        if (!process_is_alive(owner))
            continue;

        const struct grant_slot *slot =
            grant_slot_existing(drivers[share->driver].driver, owner,
                                GRANT_WRITABLE, share->number);

        MUST(slot != NULL && slot->first == window->start &&
             slot->second == window->size);
    }
}

static bool shares_to_write(const struct process *p)
{
    for (uint32_t i = 0; i < HOSTILE; i++) {
        if (buffer_writable_len(&ipc.driver, p, i) != 0)
            return true;
    }
    return buffer_writable_len(&board.console.driver, p, 1) != 0 ||
           buffer_writable_len(&board.probe.driver, p, 0) != 0 ||
           buffer_writable_len(&board.probe.driver, p, 1) != 0;
}

static bool is_zero(const uint8_t *bytes, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

/* actor: whose step it was; null for hardware and management. */
static void check_memory(const struct process *p, const struct process *actor)
{
    struct memory *old = &before[p->slot];
    const uint8_t *bytes = host_memory(p->ram.start);
    uint32_t end = p->mpu.enabled_end;

    if (!process_is_alive(p)) {
        old->is_alive = false;
        return;
    }
    if (!old->is_alive || old->id != p->id) {
        MUST(is_zero(bytes, end - p->ram.start));
    } else {
        uint32_t kept = end < old->enabled_end ? end : old->enabled_end;

        MUST(end <= old->enabled_end ||
             is_zero(bytes + (old->enabled_end - p->ram.start),
                     end - old->enabled_end));
        MUST(actor == p || shares_to_write(p) ||
             memcmp(bytes, old->bytes, kept - p->ram.start) == 0);
    }
    old->id = p->id;
    old->is_alive = true;
    old->enabled_end = end;
    memcpy(old->bytes, bytes, p->ram.size);
}

static void check_all(const struct process *actor)
{
    for (uint32_t i = 0; i < HOSTILE; i++) {
        const struct process *p = &board.processes[i];

        MUST(p->slot == i);
        MUST(!(p->state & PROCESS_STOPPED) || process_is_alive(p));
        if (p->state == PROCESS_EMPTY)
            continue;
        check_block(p);
        check_queue(p);
        check_buffers(p);
        check_windows(p);
        check_memory(p, actor);
    }
    MUST(board.processes[HOSTILE].state == PROCESS_EMPTY);
    MUST(!host_cpu.has_halted);
}

/* -------------------------------------------------------------------------- */

static void step(struct input *in)
{
    uint32_t what = take(in, 1);
    struct process *p = &board.processes[what / 32 % HOSTILE];

    switch (what % 16) {
    case 10:
        share(in, p);
        check_all(NULL);
        return;
    case 11:
        move_break(in, p);
        check_all(p);
        return;
    case 12:
        write_memory(in, p);
        check_all(p);
        return;
    case 13:
        hardware(in, what / 16 + take(in, 1));
        check_all(NULL);
        return;
    case 14:
        management(in, what / 16);
        check_all(NULL);
        return;
    case 15: {
        static const uint32_t args[4] = {0};

        p->context.has_bad_stack = take(in, 1) % 16 == 0;
        trap(p, take(in, 1) % 8 == 0 ? ARCH_TRAP_FAULT : ARCH_TRAP_INTERRUPT,
             args);
        p->context.has_bad_stack = false;
        check_all(p);
        return;
    }
    default:
        system_call(in, p, what % 16 < 9 ? what % 16 : TOCK_CLASS_COMMAND);
        check_all(p);
        return;
    }
}

static void report_calls(void)
{
    fprintf(stderr, "fuzz_syscalls: %llu system calls, %llu open windows\n",
            (unsigned long long)total_calls, (unsigned long long)total_windows);
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

    boot(take(&in, 2));
    check_all(NULL);
    for (int i = 0; i < MAX_STEPS && in.len != 0; i++)
        step(&in);
    return 0;
}
