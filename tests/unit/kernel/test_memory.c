/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

TestSuite(memory, .timeout = 20);

static bool brk_works(struct process *p, uint32_t app_break)
{
    const uint32_t *r =
        call(p, TOCK_CLASS_MEMOP, TOCK_MEMOP_BRK, app_break, 0xc2, 0xc3);

    if (r[0] == TOCK_SUCCESS) {
        EXPECT_REGS(r, TOCK_SUCCESS, app_break, 0xc2, 0xc3);
        cr_expect(eq(u32, p->bounds.app_break, app_break));
    } else {
        EXPECT_REGS(r, TOCK_FAILURE, TOCK_NOMEM, 0xc2, 0xc3);
    }
    expect_invariants();
    return r[0] == TOCK_SUCCESS;
}

static bool all_are(uint8_t value, uint32_t start, uint32_t end)
{
    for (uint32_t at = start; at < end; at++) {
        if (*host_memory(at) != value)
            return false;
    }
    return true;
}

static void fill(uint8_t value, uint32_t start, uint32_t end)
{
    memset(host_memory(start), value, end - start);
}

static struct process *with_rules(enum place_kind kind)
{
    board_power_on();
    host_place_kind = kind;
    host_initial_app_size = kind == PLACE_PMP ? 0 : 32;
    board_install(&(struct board_app){.name = "one"});
    board_boot();
    cr_assert(eq(u8, board.processes[0].state, PROCESS_RUNNING));
    return &board.processes[0];
}

/* --- the first instruction ------------------------------------------------ */

Test(memory, a_process_starts_with_the_addresses_of_its_memory)
{
    struct process *p = board_with_one_app();

    cr_expect(eq(u32, p->context.calls, 1));
    cr_expect(eq(u32, p->context.pc, p->flash_start + p->protected_size + 1));
    EXPECT_REGS(p->context.regs, p->flash_start + p->protected_size,
                p->ram.start, p->ram.size, p->ram.start + 32);
}

Test(memory, the_whole_block_is_zero_at_first)
{
    struct process *p = board_with_one_app();

    cr_expect(all_are(0, p->ram.start, p->ram.start + p->ram.size));
    expect_invariants();
}

Test(memory, no_memory_at_first_under_pmp_rules)
{
    struct process *p = with_rules(PLACE_PMP);

    cr_expect(eq(u32, p->bounds.app_break, p->ram.start));
    cr_expect(eq(u32, p->context.regs[3], p->ram.start));
    expect_invariants();
}

/* --- brk ------------------------------------------------------------------ */

Test(memory, brk_keeps_between_high_water_and_grants)
{
    struct process *p = board_with_one_app();
    uint32_t start = p->ram.start;

    cr_expect(brk_works(p, start + 1024));
    cr_expect(brk_works(p, start + 64));
    cr_expect(brk_works(p, start));
    cr_expect(not(brk_works(p, start - 1)));
    cr_expect(not(brk_works(p, 0)));
    cr_expect(not(brk_works(p, p->kernel_break + 1)));
    cr_expect(not(brk_works(p, start + p->ram.size)));
    cr_expect(not(brk_works(p, start + p->ram.size + 1)));
    cr_expect(not(brk_works(p, 0xffffffff)));
    call(p, TOCK_CLASS_MEMOP, TOCK_MEMOP_BRK, start + 1024, 0, 0);
    call(p, TOCK_CLASS_ALLOW_RW, PROBE, 0, start + 500, 12);
    cr_expect(brk_works(p, start + 512));
    cr_expect(not(brk_works(p, start + 511)));
}

Test(memory, a_break_under_pmp_rules_may_touch_the_grants)
{
    struct process *p = with_rules(PLACE_PMP);

    cr_expect(brk_works(p, p->kernel_break));
    cr_expect(not(brk_works(p, p->kernel_break + 1)));
}

Test(memory, an_app_gets_all_the_ram_its_header_asks_for)
{
    static const enum place_kind kinds[] = {PLACE_ARMV7M, PLACE_ARMV8M,
                                            PLACE_PMP};

    for (uint32_t ram = 1; ram < 6000; ram += 61) {
        board_power_on();
        host_place_kind = kinds[ram % ARRAY_COUNT(kinds)];
        host_initial_app_size = 0;
        board_install(&(struct board_app){.name = "one", .ram = ram});
        board_install(&(struct board_app){.name = "two", .ram = ram + 3});
        board_boot();
        for (uint32_t i = 0; i < 2; i++) {
            struct process *p = &board.processes[i];

            cr_expect(brk_works(p, p->ram.start + ram + 3 * i), "%u", ram);
        }
    }
}

Test(memory, sbrk_is_signed_and_answers_the_old_break)
{
    struct process *p = board_with_one_app();
    uint32_t old = p->bounds.app_break;

    EXPECT_REGS(call(p, TOCK_CLASS_MEMOP, TOCK_MEMOP_SBRK, 100, 7, 8),
                TOCK_SUCCESS_U32, old, 7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_MEMOP, TOCK_MEMOP_SBRK, -40u, 7, 8),
                TOCK_SUCCESS_U32, old + 100, 7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_MEMOP, TOCK_MEMOP_SBRK, 0, 7, 8),
                TOCK_SUCCESS_U32, old + 60, 7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_MEMOP, TOCK_MEMOP_SBRK, 1, 7, 8),
                TOCK_SUCCESS_U32, old + 60, 7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_MEMOP, TOCK_MEMOP_SBRK, -1u, 7, 8),
                TOCK_SUCCESS_U32, old + 61, 7, 8);
}

Test(memory, sbrk_refuses_what_would_wrap)
{
    static const uint32_t deltas[] = {0x7fffffff, 0x80000000, 0x80000001,
                                      0xdfffffff, 0xe0000000};
    struct process *p = board_with_one_app();
    uint32_t old = p->bounds.app_break;

    for (unsigned i = 0; i < ARRAY_COUNT(deltas); i++) {
        EXPECT_REGS(call(p, TOCK_CLASS_MEMOP, TOCK_MEMOP_SBRK, deltas[i], 7, 8),
                    TOCK_FAILURE, TOCK_NOMEM, 7, 8);
        cr_expect(eq(u32, p->bounds.app_break, old));
    }
}

/* --- what an app may find in its memory ----------------------------------- */

Test(memory, growing_zeroes_up_to_what_the_hardware_enables)
{
    static const enum place_kind kinds[] = {PLACE_ARMV7M, PLACE_ARMV8M,
                                            PLACE_PMP};

    for (unsigned i = 0; i < ARRAY_COUNT(kinds); i++) {
        struct process *p = with_rules(kinds[i]);
        uint32_t start = p->ram.start;

        cr_assert(brk_works(p, start + 3000));
        fill(0x5a, start, p->mpu.enabled_end);
        cr_assert(brk_works(p, start + 101));
        cr_assert(brk_works(p, start + 1501));
        cr_expect(all_are(0x5a, start, start + 101));
        cr_expect(all_are(0, start + 101, p->mpu.enabled_end));
    }
}

Test(memory, growing_inside_what_is_enabled_zeroes_too)
{
    struct process *p = board_with_one_app();

    cr_assert(brk_works(p, p->ram.start + 40));
    fill(0x5a, p->ram.start, p->mpu.enabled_end);
    cr_assert(brk_works(p, p->ram.start + 44));
    cr_expect(all_are(0, p->ram.start + 40, p->ram.start + 44));
}

Test(memory, grants_begin_as_zeros_where_the_app_was)
{
    struct process *p = with_rules(PLACE_PMP);
    struct grant grant;

    /* The app takes all it can get, dirties it and gives it back. */
    while (brk_works(p, p->bounds.app_break + 8))
        ;
    fill(0x5a, p->ram.start, p->mpu.enabled_end);
    cr_assert(brk_works(p, p->ram.start));
    cr_assert(eq(int, grant_enter(&board.probe.driver, p, &grant), TOCK_OK));
    cr_expect(eq(u64, GRANT_DATA(&grant, struct probe_grant)->counter, 0));
    cr_expect(eq(u8, GRANT_DATA(&grant, struct probe_grant)->bytes[55], 0));
    grant_leave(&grant);
    call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 0, p->flash_start + 256, 1);
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 0, 0, 0),
                TOCK_SUCCESS_U32_U32, p->flash_start + 256, 1, 0);
}

Test(memory, a_restart_wipes_the_block)
{
    struct process *p = board_with_one_app();

    cr_assert(brk_works(p, p->ram.start + 2000));
    fill(0x5a, p->ram.start, p->mpu.enabled_end);
    call(p, TOCK_CLASS_ALLOW_RW, PROBE, 0, p->ram.start, 2000);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 3, 0, 0);
    settle();
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    cr_expect(all_are(0, p->ram.start, p->ram.start + p->ram.size));
    cr_expect(eq(u32, p->high_water, p->ram.start));
    cr_expect(eq(u32, p->bounds.app_break, p->ram.start + 32));
    expect_invariants();
}

/* --- grants --------------------------------------------------------------- */

static uint32_t raise_to_the_limit(struct process *p)
{
    uint32_t step = 1024;

    while (step != 0) {
        if (!brk_works(p, p->bounds.app_break + step))
            step /= 2;
    }
    return p->bounds.app_break;
}

Test(memory, a_process_without_room_gets_nomem_and_others_are_not_touched)
{
    board_power_on();
    host_place_kind = PLACE_PMP; /* the break can reach the grants */
    board_install(&(struct board_app){.name = "greedy"});
    board_install(&(struct board_app){.name = "modest"});
    board_boot();

    struct process *greedy = &board.processes[0];
    struct process *modest = &board.processes[1];
    uint32_t fn = greedy->flash_start + 256;

    raise_to_the_limit(greedy);
    EXPECT_REGS(call(greedy, TOCK_CLASS_SUBSCRIBE, PROBE, 0, fn, 5),
                TOCK_FAILURE_U32_U32, TOCK_NOMEM, fn, 5);
    EXPECT_REGS(call(greedy, TOCK_CLASS_ALLOW_RW, PROBE, 0, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOMEM, 0, 0);
    EXPECT_REGS(command(greedy, CONSOLE, 0, 1, 2), TOCK_FAILURE, TOCK_NOMEM, 1,
                2);
    expect_invariants();
    EXPECT_REGS(command(modest, CONSOLE, 0, 1, 2), TOCK_SUCCESS, 0, 1, 2);
    fn = modest->flash_start + 256;
    EXPECT_REGS(call(modest, TOCK_CLASS_SUBSCRIBE, PROBE, 0, fn, 5),
                TOCK_SUCCESS_U32_U32, 0, 0, 5);

    /* Memory that the app gives back can become a grant. */
    cr_assert(brk_works(greedy, greedy->ram.start));
    EXPECT_REGS(command(greedy, CONSOLE, 0, 1, 2), TOCK_SUCCESS, 0, 1, 2);
}

Test(memory, the_break_cannot_pass_a_grant)
{
    struct process *p = board_with_one_app();

    command(p, CONSOLE, 0, 0, 0);

    uint32_t kernel_break = p->kernel_break;
    uint32_t limit = raise_to_the_limit(p);

    cr_expect(le(u32, limit, kernel_break));
    cr_expect(eq(u32, p->kernel_break, kernel_break));
}

Test(memory, a_grant_cannot_reach_into_what_the_hardware_enables)
{
    struct process *p;

    board_power_on();
    board_install(&(struct board_app){.name = "small", .ram = 200});
    board_boot();
    p = &board.processes[0];
    cr_assert(eq(u32, p->ram.size, 512)); /* 32-byte steps */
    cr_assert(eq(u32, p->kernel_break, p->ram.start + 504));

    /* A grant of 112 bytes would begin at 392. */
    cr_assert(brk_works(p, p->ram.start + 390));
    cr_assert(eq(u32, p->mpu.enabled_end, p->ram.start + 416));
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 0, 0, 1),
                TOCK_FAILURE_U32_U32, TOCK_NOMEM, 0, 1);
    cr_assert(brk_works(p, p->ram.start + 384));
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 0, 0, 1),
                TOCK_SUCCESS_U32_U32, 0, 0, 1);
    cr_expect(eq(u32, p->kernel_break, p->ram.start + 392));
    expect_invariants();
}

Test(memory, a_grant_is_allocated_once_and_keeps_its_data)
{
    struct process *p = board_with_one_app();
    const struct driver *probe = &board.probe.driver;
    struct grant grant;
    uint32_t kernel_break;

    cr_expect(eq(int, grant_enter_existing(probe, p, &grant), TOCK_NOMEM));
    cr_assert(eq(int, grant_enter(probe, p, &grant), TOCK_OK));
    GRANT_DATA(&grant, struct probe_grant)->counter = 42;
    grant_leave(&grant);
    kernel_break = p->kernel_break;
    cr_assert(eq(int, grant_enter_existing(probe, p, &grant), TOCK_OK));
    cr_expect(eq(u64, GRANT_DATA(&grant, struct probe_grant)->counter, 42));
    cr_expect(eq(u32, p->kernel_break, kernel_break));
    grant_leave(&grant);
}

Test(memory, entering_a_grant_twice_is_an_error_and_no_panic)
{
    struct process *p = board_with_one_app();
    const struct driver *probe = &board.probe.driver;
    struct grant outer;
    struct grant inner;

    cr_assert(eq(int, grant_enter(probe, p, &outer), TOCK_OK));
    cr_expect(eq(int, grant_enter(probe, p, &inner), TOCK_BUSY));
    cr_expect(eq(int, grant_enter_existing(probe, p, &inner), TOCK_BUSY));
    grant_leave(&outer);
    cr_assert(eq(int, grant_enter(probe, p, &inner), TOCK_OK));
    grant_leave(&inner);
}

Test(memory, grants_end_with_the_life_of_the_process)
{
    struct process *p = board_with_one_app();
    const struct driver *probe = &board.probe.driver;
    struct process_ref ref = process_ref(p);
    struct grant grant;

    cr_assert(eq(int, grant_enter(probe, p, &grant), TOCK_OK));
    GRANT_DATA(&grant, struct probe_grant)->counter = 42;
    grant_leave(&grant);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    cr_expect(eq(ptr, process_find(ref), NULL));
    cr_expect(eq(ptr, process_find(process_ref(p)), p));
    cr_expect(eq(u32, board.probe.gone, 1));
    cr_expect(eq(u32, board.probe.last_gone.id, ref.id));
    cr_expect(eq(int, grant_enter_existing(probe, p, &grant), TOCK_NOMEM));
    settle();
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 0, 0, 0);
    cr_expect(eq(int, grant_enter(probe, p, &grant), TOCK_FAIL));
    cr_expect(eq(int, grant_enter_existing(probe, p, &grant), TOCK_FAIL));
}

Test(memory, ten_thousand_restarts_leave_everything_as_it_was)
{
    struct process *p = board_with_one_app();
    struct place_block ram = p->ram;
    uint32_t kernel_break = p->kernel_break;

    for (int i = 0; i < 10000; i++) {
        command(p, CONSOLE, 0, 0, 0);
        command(p, ALARM, 5, i % 2 == 0 ? 1000 : 0, 0);
        call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
        for (int turn = 0; turn < 3; turn++)
            kernel_loop_once();
    }
    cr_expect(eq(u32, p->restart_count, 10000));
    cr_expect(eq(u32, p->upcalls.count, 0));
    cr_expect(eq(u32, p->ram.start, ram.start));
    cr_expect(eq(u32, p->ram.size, ram.size));
    cr_expect(eq(u32, p->kernel_break, kernel_break));
    expect_invariants();
}

/* --- pieces --------------------------------------------------------------- */

struct thing {
    uint64_t a;
    uint32_t b[5];
};

Test(memory, a_piece_is_zeroed_memory_of_the_process_until_it_ends)
{
    struct process *p = board_with_one_app();
    uint32_t kernel_break = p->kernel_break;
    struct grant_piece piece;
    struct thing *thing;

    cr_assert(
        eq(int, grant_piece_new(p, sizeof(struct thing), &piece), TOCK_OK));
    cr_expect(lt(u32, p->kernel_break, kernel_break));
    thing = GRANT_PIECE_ENTER(&piece, struct thing);
    cr_assert(ne(ptr, thing, NULL));
    cr_expect(eq(u64, thing->a, 0));
    thing->b[4] = 7;
    cr_expect(eq(ptr, GRANT_PIECE_ENTER(&piece, struct thing), NULL));
    grant_piece_leave(&piece);
    thing = GRANT_PIECE_ENTER(&piece, struct thing);
    cr_assert(ne(ptr, thing, NULL));
    cr_expect(eq(u32, thing->b[4], 7));
    grant_piece_leave(&piece);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    cr_expect(eq(ptr, GRANT_PIECE_ENTER(&piece, struct thing), NULL));
    grant_piece_leave(&piece);
    cr_expect(eq(u32, p->kernel_break, kernel_break));
    expect_invariants();
}

Test(memory, pieces_end_where_the_apps_memory_begins)
{
    struct process *p = board_with_one_app();
    struct grant_piece piece;
    int count = 0;

    raise_break(p, 1024);
    cr_expect(eq(int, grant_piece_new(p, UINT32_MAX, &piece), TOCK_NOMEM));
    cr_expect(eq(int, grant_piece_new(p, 0x7fffffff, &piece), TOCK_NOMEM));
    while (grant_piece_new(p, 100, &piece) == TOCK_OK)
        count++;
    cr_expect(gt(int, count, 20));
    expect_invariants();
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 0, 0, 0);
    cr_expect(eq(int, grant_piece_new(p, 8, &piece), TOCK_FAIL));
}

Test(memory, a_grant_too_far_from_its_table_is_refused)
{
    struct process *p;
    struct grant_piece piece;

    board_power_on();
    board_install(&(struct board_app){.name = "big", .ram = 0xf000});
    board_boot();
    p = &board.processes[0];
    cr_expect(eq(int, grant_piece_new(p, 0xe000, &piece), TOCK_OK));
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, PROBE, 0, 0, 1),
                TOCK_SUCCESS_U32_U32, 0, 0, 1);
    expect_invariants();
}
