/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"

TestSuite(syscall, .timeout = 10);

/* --- classes ------------------------------------------------------------- */

Test(syscall, a_class_that_does_not_exist_is_a_fault)
{
    static const uint32_t classes[] = {8, 0x42, 0xbd, 0xff};

    for (unsigned i = 0; i < ARRAY_COUNT(classes); i++) {
        struct process *p = board_with_one_app();

        call(p, classes[i], 0, 0, 0, 0);
        cr_expect(eq(u8, p->state, PROCESS_FAULTED));
    }
}

/* --- command -------------------------------------------------------------- */

Test(syscall, command_passes_number_and_arguments)
{
    struct process *p = board_with_one_app();

    EXPECT_REGS(command(p, PROBE, 9, 0x11, 0x22), TOCK_SUCCESS, 9, 0x11, 0x22);
    cr_expect(eq(u32, board.probe.number, 9));
    cr_expect(eq(u32, board.probe.args[0], 0x11));
    cr_expect(eq(u32, board.probe.args[1], 0x22));
}

Test(syscall, command_to_an_unknown_driver_is_plain_nodevice)
{
    struct process *p = board_with_one_app();

    EXPECT_REGS(command(p, 0x999, 0, 7, 8), TOCK_FAILURE, TOCK_NODEVICE, 7, 8);
}

Test(syscall, every_variant_writes_only_its_own_registers)
{
    static const struct {
        uint32_t variant;
        unsigned count;
    } rows[] = {
        {TOCK_FAILURE, 2},
        {TOCK_FAILURE_U32, 3},
        {TOCK_FAILURE_U32_U32, 4},
        {TOCK_FAILURE_U64, 4},
        {TOCK_SUCCESS, 1},
        {TOCK_SUCCESS_U32, 2},
        {TOCK_SUCCESS_U32_U32, 3},
        {TOCK_SUCCESS_U64, 3},
        {TOCK_SUCCESS_U32_U32_U32, 4},
        {TOCK_SUCCESS_U32_U64, 4},
    };
    struct process *p = board_with_one_app();

    for (unsigned i = 0; i < ARRAY_COUNT(rows); i++) {
        uint32_t want[4] = {PROBE, 1, 0xaaaa, 0xbbbb};

        board.probe.answer =
            (struct command_return){{rows[i].variant, 0x51, 0x52, 0x53}};
        for (unsigned w = 0; w < rows[i].count; w++)
            want[w] = board.probe.answer.words[w];

        const uint32_t *r = command(p, PROBE, 1, 0xaaaa, 0xbbbb);

        EXPECT_REGS(r, want[0], want[1], want[2], want[3]);
    }
}

Test(syscall, a_command_that_returns_at_once_loads_no_window)
{
    struct process *p = board_with_one_app();
    uint32_t loads = host_cpu.mpu_loads;

    for (int i = 0; i < 10; i++)
        command(p, PROBE, 1, 0, 0);
    cr_expect(eq(u32, host_cpu.mpu_loads, loads));
}

/* --- subscribe ------------------------------------------------------------ */

static const uint32_t *subscribe(struct process *p, uint32_t driver,
                                 uint32_t number, uint32_t fn, uint32_t data)
{
    return call(p, TOCK_CLASS_SUBSCRIBE, driver, number, fn, data);
}

Test(syscall, subscribe_swaps_function_and_userdata)
{
    struct process *p = board_with_one_app();
    uint32_t fn = p->flash_start + p->protected_size + 1;

    EXPECT_REGS(subscribe(p, PROBE, 1, fn, 0xd1), TOCK_SUCCESS_U32_U32, 0, 0,
                0xd1);
    EXPECT_REGS(subscribe(p, PROBE, 1, fn + 8, 0xd2), TOCK_SUCCESS_U32_U32, fn,
                0xd1, 0xd2);
    EXPECT_REGS(subscribe(p, PROBE, 1, 0, 0xd3), TOCK_SUCCESS_U32_U32, fn + 8,
                0xd2, 0xd3);
}

Test(syscall, subscribe_wants_the_function_in_flash_or_ram_of_the_process)
{
    struct process *p = board_with_one_app();
    uint32_t flash_end = p->flash_start + p->flash_size;
    const struct {
        uint32_t fn;
        bool is_good;
    } rows[] = {
        {p->flash_start + p->protected_size, true},
        {p->flash_start + p->protected_size - 1, false},
        {p->flash_start, false},
        {flash_end - 4, true},
        {flash_end - 3, false},
        {flash_end, false},
        {p->ram.start, true},
        {p->ram.start - 1, false},
        {p->bounds.app_break - 4, true},
        {p->bounds.app_break - 3, false},
        {0xfffffffe, false},
        {1, false},
    };

    for (unsigned i = 0; i < ARRAY_COUNT(rows); i++) {
        const uint32_t *r = subscribe(p, PROBE, 0, rows[i].fn, 0x77);

        if (rows[i].is_good)
            cr_expect(eq(u32, r[0], TOCK_SUCCESS_U32_U32), "row %u", i);
        else
            EXPECT_REGS(r, TOCK_FAILURE_U32_U32, TOCK_INVAL, rows[i].fn, 0x77);
    }
}

Test(syscall, subscribe_checks_function_then_driver_then_grant_then_number)
{
    struct process *p = board_with_one_app();
    uint32_t fn = p->ram.start;

    EXPECT_REGS(subscribe(p, 0x999, 99, 4, 5), TOCK_FAILURE_U32_U32, TOCK_INVAL,
                4, 5);
    EXPECT_REGS(subscribe(p, 0x999, 99, fn, 5), TOCK_FAILURE_U32_U32,
                TOCK_NODEVICE, fn, 5);
    EXPECT_REGS(subscribe(p, BARE, 99, fn, 5), TOCK_FAILURE_U32_U32, TOCK_NOMEM,
                fn, 5);
    EXPECT_REGS(subscribe(p, PROBE, 2, fn, 5), TOCK_FAILURE_U32_U32,
                TOCK_NOSUPPORT, fn, 5);
    EXPECT_REGS(subscribe(p, PROBE, 0xffffffff, 0, 5), TOCK_FAILURE_U32_U32,
                TOCK_NOSUPPORT, 0, 5);
}

/* --- allow ---------------------------------------------------------------- */

static const uint32_t *allow(struct process *p, uint32_t class, uint32_t number,
                             uint32_t addr, uint32_t len)
{
    return call(p, class, PROBE, number, addr, len);
}

Test(syscall, allow_swaps_address_and_length_for_each_kind_alone)
{
    struct process *p = board_with_one_app();
    uint32_t at = p->ram.start;

    raise_break(p, 1024);
    EXPECT_REGS(allow(p, TOCK_CLASS_ALLOW_RW, 1, at, 16), TOCK_SUCCESS_U32_U32,
                0, 0, 16);
    EXPECT_REGS(allow(p, TOCK_CLASS_ALLOW_RO, 1, at + 4, 20),
                TOCK_SUCCESS_U32_U32, 0, 0, 20);
    EXPECT_REGS(allow(p, TOCK_CLASS_ALLOW_RW, 1, at + 8, 24),
                TOCK_SUCCESS_U32_U32, at, 16, 24);
    EXPECT_REGS(allow(p, TOCK_CLASS_ALLOW_RO, 1, 0, 0), TOCK_SUCCESS_U32_U32,
                at + 4, 20, 0);
    EXPECT_REGS(allow(p, TOCK_CLASS_ALLOW_RO, 0, 0, 0), TOCK_SUCCESS_U32_U32, 0,
                0, 0);
}

Test(syscall, an_empty_buffer_may_have_any_address_and_comes_back_as_given)
{
    struct process *p = board_with_one_app();

    EXPECT_REGS(allow(p, TOCK_CLASS_ALLOW_RW, 0, 0xdeadbeef, 0),
                TOCK_SUCCESS_U32_U32, 0, 0, 0);
    EXPECT_REGS(allow(p, TOCK_CLASS_ALLOW_RW, 0, 1, 0), TOCK_SUCCESS_U32_U32,
                0xdeadbeef, 0, 0);
    cr_expect(eq(u32, p->high_water, p->ram.start));
}

Test(syscall, allow_takes_ranges_up_to_the_break_and_no_further)
{
    struct process *p = board_with_one_app();

    raise_break(p, 1024);

    uint32_t start = p->ram.start;
    uint32_t end = p->bounds.app_break;
    uint32_t code = p->flash_start + p->protected_size;
    uint32_t flash_end = p->flash_start + p->flash_size;
    const struct {
        uint32_t addr;
        uint32_t len;
        bool writable;
        bool readable;
    } rows[] = {
        {start, 1024, true, true},
        {start, 1025, false, false},
        {end - 1, 1, true, true},
        {end, 1, false, false},
        {start - 1, 1, false, false},
        {start - 1, 2, false, false},
        {start, 0xffffffff, false, false},
        {start + 8, 0u - 4u, false, false},
        {end, 0u - end, false, false},
        {code, flash_end - code, false, true},
        {code, flash_end - code + 1, false, false},
        {code - 1, 4, false, false},
        {p->flash_start, 4, false, false},
        {p->kernel_break, 4, false, false},
        {0, 4, false, false},
    };

    for (unsigned i = 0; i < ARRAY_COUNT(rows); i++) {
        const uint32_t *r =
            allow(p, TOCK_CLASS_ALLOW_RW, 0, rows[i].addr, rows[i].len);

        if (!rows[i].writable)
            EXPECT_REGS(r, TOCK_FAILURE_U32_U32, TOCK_INVAL, rows[i].addr,
                        rows[i].len);
        else
            cr_expect(eq(u32, r[0], TOCK_SUCCESS_U32_U32), "row %u", i);
        r = allow(p, TOCK_CLASS_ALLOW_RO, 0, rows[i].addr, rows[i].len);
        if (!rows[i].readable)
            EXPECT_REGS(r, TOCK_FAILURE_U32_U32, TOCK_INVAL, rows[i].addr,
                        rows[i].len);
        else
            cr_expect(eq(u32, r[0], TOCK_SUCCESS_U32_U32), "row %u", i);
    }
}

Test(syscall, allow_checks_driver_then_range_then_grant_then_number)
{
    struct process *p = board_with_one_app();
    static const uint32_t classes[] = {TOCK_CLASS_ALLOW_RW,
                                       TOCK_CLASS_ALLOW_RO};

    for (unsigned i = 0; i < ARRAY_COUNT(classes); i++) {
        EXPECT_REGS(call(p, classes[i], 0x999, 99, 4, 5), TOCK_FAILURE_U32_U32,
                    TOCK_NODEVICE, 4, 5);
        EXPECT_REGS(call(p, classes[i], BARE, 99, 4, 5), TOCK_FAILURE_U32_U32,
                    TOCK_INVAL, 4, 5);
        EXPECT_REGS(call(p, classes[i], BARE, 99, p->ram.start, 5),
                    TOCK_FAILURE_U32_U32, TOCK_NOMEM, p->ram.start, 5);
        EXPECT_REGS(call(p, classes[i], PROBE, 2, p->ram.start, 5),
                    TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, p->ram.start, 5);
    }
}

Test(syscall, a_good_ram_range_raises_the_high_water_mark_even_if_refused_later)
{
    struct process *p = board_with_one_app();

    call(p, TOCK_CLASS_ALLOW_RW, BARE, 0, p->ram.start + 4, 8);
    cr_expect(eq(u32, p->high_water, p->ram.start + 12));
    allow(p, TOCK_CLASS_ALLOW_RO, 0, p->ram.start, 4);
    cr_expect(eq(u32, p->high_water, p->ram.start + 12));
    allow(p, TOCK_CLASS_ALLOW_RO, 0, p->flash_start + p->protected_size, 4);
    cr_expect(eq(u32, p->high_water, p->ram.start + 12));
    expect_invariants();
}

Test(syscall, a_readable_allow_goes_to_the_driver)
{
    struct process *p = board_with_one_app();
    uint32_t at = p->ram.start;

    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_UR, PROBE, 5, at, 8),
                TOCK_SUCCESS_U32_U32, 0, 0, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_UR, PROBE, 5, at + 8, 4),
                TOCK_SUCCESS_U32_U32, at, 8, 4);
    cr_expect(eq(u32, p->high_water, at + 12));
    board.probe.readable_error = TOCK_FAIL;
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_UR, PROBE, 5, at, 2),
                TOCK_FAILURE_U32_U32, TOCK_FAIL, at, 2);
}

Test(syscall, a_readable_allow_that_no_driver_takes_comes_back)
{
    struct process *p = board_with_one_app();
    uint32_t code = p->flash_start + p->protected_size;

    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_UR, BARE, 0, p->ram.start, 8),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, p->ram.start, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_UR, 0x999, 0, p->ram.start, 8),
                TOCK_FAILURE_U32_U32, TOCK_NODEVICE, p->ram.start, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_UR, PROBE, 0, code, 8),
                TOCK_FAILURE_U32_U32, TOCK_INVAL, code, 8);
}

/* --- buffers as drivers see them ------------------------------------------ */

Test(syscall, drivers_reach_exactly_the_allowed_bytes)
{
    struct process *p = board_with_one_app();
    const struct driver *probe = &board.probe.driver;
    uint8_t bytes[8] = "ABCDEFG";
    uint8_t copy[8] = {0};

    raise_break(p, 1024);
    cr_expect(eq(u32, buffer_readonly_len(probe, p, 0), 0));
    allow(p, TOCK_CLASS_ALLOW_RW, 0, p->ram.start + 100, 4);
    cr_expect(eq(u32, buffer_writable_len(probe, p, 0), 4));
    cr_expect(eq(
        u32, buffer_writable_put(probe, p, 0, 1, (struct span){bytes, 8}), 3));
    cr_expect(eq(u8, *host_memory(p->ram.start + 100), 0));
    cr_expect(eq(u8, *host_memory(p->ram.start + 101), 'A'));
    cr_expect(eq(u8, *host_memory(p->ram.start + 103), 'C'));
    cr_expect(eq(u8, *host_memory(p->ram.start + 104), 0));
    cr_expect(eq(
        u32, buffer_writable_get(probe, p, 0, 2, (struct span){copy, 8}), 2));
    cr_expect(eq(u8, copy[1], 'C'));
    allow(p, TOCK_CLASS_ALLOW_RO, 0, p->ram.start + 101, 2);
    cr_expect(eq(
        u32, buffer_readonly_get(probe, p, 0, 0, (struct span){copy, 8}), 2));
    cr_expect(eq(u8, copy[0], 'A'));
    cr_expect(eq(
        u32, buffer_readonly_get(probe, p, 0, 3, (struct span){copy, 8}), 0));
    cr_expect(eq(
        u32, buffer_readonly_get(probe, p, 9, 0, (struct span){copy, 8}), 0));
}

Test(syscall, a_buffer_of_a_dead_process_is_empty)
{
    struct process *p = board_with_one_app();

    allow(p, TOCK_CLASS_ALLOW_RW, 0, p->ram.start, 4);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 0, 0, 0);
    cr_expect(eq(u32, buffer_writable_len(&board.probe.driver, p, 0), 0));
}

/* --- memop ---------------------------------------------------------------- */

static const uint32_t *memop(struct process *p, uint32_t op, uint32_t arg)
{
    return call(p, TOCK_CLASS_MEMOP, op, arg, 0xc2, 0xc3);
}

Test(syscall, memop_tells_where_everything_is)
{
    struct process *p = board_with_one_app();
    uint32_t ram_end = p->ram.start + p->ram.size;

    EXPECT_REGS(memop(p, 2, 9), TOCK_SUCCESS_U32, p->ram.start, 0xc2, 0xc3);
    EXPECT_REGS(memop(p, 3, 9), TOCK_SUCCESS_U32, ram_end, 0xc2, 0xc3);
    EXPECT_REGS(memop(p, 4, 9), TOCK_SUCCESS_U32, p->flash_start, 0xc2, 0xc3);
    EXPECT_REGS(memop(p, 5, 9), TOCK_SUCCESS_U32, p->flash_start + 512, 0xc2,
                0xc3);
    EXPECT_REGS(memop(p, 6, 9), TOCK_SUCCESS_U32, p->kernel_break, 0xc2, 0xc3);
    cr_expect(lt(u32, p->kernel_break, ram_end));
}

Test(syscall, memop_debug_notes_are_always_accepted)
{
    struct process *p = board_with_one_app();

    EXPECT_REGS(memop(p, 10, p->ram.start + 4), TOCK_SUCCESS, p->ram.start + 4,
                0xc2, 0xc3);
    EXPECT_REGS(memop(p, 11, p->ram.start + 8), TOCK_SUCCESS, p->ram.start + 8,
                0xc2, 0xc3);
    EXPECT_REGS(memop(p, 10, 0), TOCK_SUCCESS, 0, 0xc2, 0xc3);
    cr_expect(eq(u32, p->stack_top, p->ram.start + 4));
    cr_expect(eq(u32, p->heap_start, p->ram.start + 8));
}

Test(syscall, memop_lists_writeable_flash_regions)
{
    static const struct tbf_region_spec regions[] = {{256, 64}, {320, 0}};

    board_power_on();
    board_install(&(struct board_app){
        .name = "regions", .regions = regions, .region_count = 2});
    board_boot();

    struct process *p = &board.processes[0];
    uint32_t start = p->flash_start + 256;

    EXPECT_REGS(memop(p, 7, 0), TOCK_SUCCESS_U32, 2, 0xc2, 0xc3);
    EXPECT_REGS(memop(p, 8, 0), TOCK_SUCCESS_U32, start, 0xc2, 0xc3);
    EXPECT_REGS(memop(p, 9, 0), TOCK_SUCCESS_U32, start + 64, 0xc2, 0xc3);
    EXPECT_REGS(memop(p, 8, 1), TOCK_FAILURE, TOCK_FAIL, 0xc2, 0xc3);
    EXPECT_REGS(memop(p, 9, 2), TOCK_FAILURE, TOCK_FAIL, 0xc2, 0xc3);
}

Test(syscall, memop_with_no_such_number_is_nosupport)
{
    struct process *p = board_with_one_app();

    EXPECT_REGS(memop(p, 12, 1), TOCK_FAILURE, TOCK_NOSUPPORT, 0xc2, 0xc3);
    EXPECT_REGS(memop(p, 0xffffffff, 1), TOCK_FAILURE, TOCK_NOSUPPORT, 0xc2,
                0xc3);
}

/* --- exit ----------------------------------------------------------------- */

Test(syscall, exit_terminates_and_keeps_the_code)
{
    struct process *p = board_with_one_app();

    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_TERMINATE, 17, 0, 0);
    cr_expect(eq(u8, p->state, PROCESS_TERMINATED));
    cr_expect(eq(u8, p->completion, PROCESS_EXITED));
    cr_expect(eq(u32, p->completion_code, 17));
    cr_expect(eq(u32, board.probe.gone, 1));
}

Test(syscall, exit_with_another_number_is_nosupport)
{
    struct process *p = board_with_one_app();

    EXPECT_REGS(call(p, TOCK_CLASS_EXIT, 2, 17, 18, 19), TOCK_FAILURE,
                TOCK_NOSUPPORT, 18, 19);
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
}

/* --- stack ---------------------------------------------------------------- */

Test(syscall, a_break_below_the_stack_of_the_call_is_a_fault)
{
    struct process *p = board_with_one_app();

    p->context.has_bad_stack = true;
    command(p, PROBE, 1, 0, 0); /* the break has not changed */
    cr_expect(eq(u8, p->state, PROCESS_RUNNING));
    call(p, TOCK_CLASS_MEMOP, TOCK_MEMOP_SBRK, 0, 0, 0);
    cr_expect(eq(u8, p->state, PROCESS_FAULTED));
    settle();
    cr_expect(said("No room on its stack"));
}
