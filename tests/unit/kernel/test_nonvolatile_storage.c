/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "extra/nonvolatile_storage.h"
#include "storage.h"

TestSuite(nonvolatile_storage, .timeout = 120);

#define NVS       TOCK_DRIVER_NVS
#define BUFFER(p) ((p)->ram.start + 100) /* 1800 bytes */

/* The storage begins and ends within pages. */
enum { START = 100, SIZE = 1500 };

static struct nonvolatile_storage storage;

static struct process *boot(int count)
{
    board_power_on();
    store_start();
    nonvolatile_storage_init(&storage, &writer, START, SIZE);
    board.drivers[3] = (struct kernel_driver){NVS, &storage.driver};
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    for (int i = 0; i < count; i++)
        raise_break(&board.processes[i], 2000);
    return &board.processes[0];
}

static void allow_read(struct process *p, uint32_t len)
{
    call(p, TOCK_CLASS_ALLOW_RW, NVS, 0, BUFFER(p), len);
}

/* len bytes of this value to be written. */
static void allow_write(struct process *p, uint32_t len, uint8_t value)
{
    memset(host_memory(BUFFER(p)), value, len);
    call(p, TOCK_CLASS_ALLOW_RO, NVS, 0, BUFFER(p), len);
}

static void write(struct process *p, uint32_t offset, uint32_t len,
                  uint8_t value)
{
    allow_write(p, len, value);
    EXPECT_REGS(command(p, NVS, 3, offset, len), TOCK_SUCCESS, 3, offset, len);
    expect_event(p, NVS, 1, len, 0);
}

/* Is [from, to) of the storage of this value? */
static bool stored(uint32_t from, uint32_t to, uint8_t value)
{
    for (uint32_t at = from; at < to; at++) {
        if (nor.contents[START + at] != value)
            return false;
    }
    return true;
}

/* The system call table of nonvolatile_storage.h, row by row. */
Test(nonvolatile_storage, commands_0_and_1_tell_that_it_is_there_and_its_size)
{
    struct process *p = boot(1);

    EXPECT_REGS(command(p, NVS, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    EXPECT_REGS(command(p, NVS, 1, 7, 8), TOCK_SUCCESS_U32, SIZE, 7, 8);
    EXPECT_REGS(command(p, NVS, 4, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_RO, NVS, 1, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_RW, NVS, 1, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, NVS, 2, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
}

Test(nonvolatile_storage, what_was_written_is_read)
{
    struct process *p = boot(1);

    write(p, 0, 1, 0x11);
    write(p, 140, 1200, 0x22);
    write(p, SIZE - 3, 3, 0x33);
    cr_expect(stored(1, 140, 0xff));
    cr_expect(stored(140, 1340, 0x22));
    cr_expect(eq(u8, nor.contents[START - 1], 0xff));
    cr_expect(eq(u8, nor.contents[START + SIZE], 0xff));
    allow_read(p, SIZE);
    EXPECT_REGS(command(p, NVS, 2, 0, SIZE), TOCK_SUCCESS, 2, 0, SIZE);
    expect_event(p, NVS, 0, SIZE, 0);
    cr_expect(
        eq(int, memcmp(host_memory(BUFFER(p)), nor.contents + START, SIZE), 0));
    cr_expect(eq(u32, nor.bad_programs, 0));
}

Test(nonvolatile_storage, no_more_is_done_than_the_buffer_has_room_for)
{
    struct process *p = boot(1);

    allow_write(p, 10, 0x11);
    command(p, NVS, 3, 0, 500);
    expect_event(p, NVS, 1, 10, 0);
    cr_expect(stored(0, 10, 0x11));
    cr_expect(stored(10, SIZE, 0xff));
    allow_read(p, 7);
    memset(host_memory(BUFFER(p)), 0, 100);
    command(p, NVS, 2, 0, 500);
    expect_event(p, NVS, 0, 7, 0);
    cr_expect(is_all(BUFFER(p), 0, 7, 0x11));
    cr_expect(is_all(BUFFER(p), 7, 100, 0));
}

Test(nonvolatile_storage, bad_requests_are_refused_and_start_nothing)
{
    static const uint32_t bad[][2] = {
        {SIZE, 0},       {SIZE, 1},       {0, SIZE + 1},   {SIZE - 1, 2},
        {1, UINT32_MAX}, {UINT32_MAX, 1}, {UINT32_MAX, 0}, {4, UINT32_MAX - 3}};
    struct process *p = boot(1);

    for (uint32_t n = 2; n <= 3; n++) {
        for (uint32_t i = 0; i < ARRAY_COUNT(bad); i++)
            EXPECT_REGS(command(p, NVS, n, bad[i][0], bad[i][1]), TOCK_FAILURE,
                        TOCK_INVAL, bad[i][0], bad[i][1]);
        EXPECT_REGS(command(p, NVS, n, 0, 4), TOCK_FAILURE, TOCK_RESERVE, 0, 4);
        EXPECT_REGS(command(p, NVS, n, 0, 0), TOCK_FAILURE, TOCK_RESERVE, 0, 0);
    }
    allow_read(p, 4);
    EXPECT_REGS(command(p, NVS, 3, 0, 4), TOCK_FAILURE, TOCK_RESERVE, 0, 4);
    settle_all();
    cr_expect(eq(u32, p->upcalls.count, 0));
    cr_expect(eq(u32, nor.operations, 0));
}

Test(nonvolatile_storage, a_request_for_nothing_completes)
{
    struct process *p = boot(1);

    allow_read(p, 4);
    command(p, NVS, 2, SIZE - 1, 0);
    expect_event(p, NVS, 0, 0, 0);
    allow_write(p, 4, 0);
    command(p, NVS, 3, 0, 0);
    expect_event(p, NVS, 1, 0, 0);
    cr_expect(eq(u32, p->upcalls.count, 0));
    cr_expect(eq(u32, nor.operations, 0));
}

Test(nonvolatile_storage, a_second_request_has_to_wait_for_the_upcall)
{
    struct process *p = boot(1);

    allow_read(p, 4);
    allow_write(p, 4, 0x11);
    nor.is_slow = true;
    command(p, NVS, 3, 0, 4);
    EXPECT_REGS(command(p, NVS, 2, 0, 4), TOCK_FAILURE, TOCK_NOMEM, 0, 4);
    EXPECT_REGS(command(p, NVS, 3, 0, 4), TOCK_FAILURE, TOCK_NOMEM, 0, 4);
    nor.is_slow = false;
    nor_finish(&nor);
    expect_event(p, NVS, 1, 4, 0);
    EXPECT_REGS(command(p, NVS, 2, 0, 4), TOCK_SUCCESS, 2, 0, 4);
}

Test(nonvolatile_storage, without_memory_for_the_grant_it_answers_nomem)
{
    struct process *p = boot(1);

    allow_write(p, 4, 0);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    exhaust_grants(p);
    EXPECT_REGS(command(p, NVS, 2, 0, 4), TOCK_FAILURE, TOCK_RESERVE, 0, 4);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_RO, NVS, 0, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOMEM, 0, 0);
}

/* --- what goes wrong on the way ------------------------------------------- */

Test(nonvolatile_storage, a_buffer_that_shrinks_meanwhile_ends_the_request)
{
    struct process *p = boot(1);

    allow_write(p, 1500, 0x11);
    nor.is_slow = true;
    command(p, NVS, 3, 0, 1500);
    settle_all();
    allow_write(p, 200, 0x22);
    nor.is_slow = false;
    while (nor.len != 0) {
        nor_finish(&nor);
        settle();
    }
    expect_event(p, NVS, 1, 200, 0);
    cr_expect(stored(0, 156, 0x11));
    cr_expect(stored(156, 200, 0x22));
    cr_expect(stored(200, SIZE, 0xff));

    allow_read(p, 1500);
    command(p, NVS, 2, 0, 1500);
    kernel_loop_once();
    allow_read(p, 0);
    yield_wait_for(p, NVS, 0);
    settle_all();
    cr_expect(lt(u32, p->context.regs[0], 1500));
}

Test(nonvolatile_storage, a_flash_that_fails_ends_the_request)
{
    struct process *p = boot(1);

    nor.fail_at = 8;
    allow_write(p, 1500, 0x11);
    command(p, NVS, 3, 0, 1500);
    expect_event(p, NVS, 1, 156, 0);
    write(p, 0, 1500, 0x22);
    cr_expect(stored(0, 1500, 0x22));
}

Test(nonvolatile_storage, two_processes_are_served_in_turn)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    allow_write(p, 1500, 0x11);
    allow_write(other, 4, 0x22);
    command(p, NVS, 3, 0, 1500);
    command(other, NVS, 3, 800, 4);
    while (other->upcalls.count == 0)
        kernel_loop_once();
    cr_expect(eq(u32, p->upcalls.count, 0), "the long request came first");
    expect_event(p, NVS, 1, 1500, 0);
    expect_event(other, NVS, 1, 4, 0);
}

Test(nonvolatile_storage, a_process_reads_while_another_ones_page_is_erased)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    write(p, 0, 300, 0x11);
    nor.is_slow = true;
    allow_write(p, 1, 0x22);
    command(p, NVS, 3, 0, 1);
    for (int i = 0; i < 4; i++) {
        settle();
        nor_finish(&nor);
    }
    allow_read(other, 300);
    command(other, NVS, 2, 0, 300);
    expect_event(other, NVS, 0, 300, 0);
    cr_expect(eq(u8, *host_memory(BUFFER(other)), 0x22));
    cr_expect(is_all(BUFFER(other), 1, 300, 0x11));
}

Test(nonvolatile_storage, a_process_that_ends_takes_its_request_along)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    allow_write(p, 1500, 0x11);
    allow_write(other, 4, 0x22);
    nor.is_slow = true;
    command(p, NVS, 3, 0, 1500);
    settle();
    command(other, NVS, 3, 1490, 4);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    nor.is_slow = false;
    nor_finish(&nor);
    expect_event(other, NVS, 1, 4, 0);
    cr_expect(eq(u32, p->upcalls.count, 0));
    cr_expect(stored(156, 1490, 0xff));
    raise_break(p, 2000);
    write(p, 500, 20, 0x33);
    cr_expect(stored(500, 520, 0x33));
}

Test(nonvolatile_storage, a_full_queue_loses_the_upcall_and_nothing_else)
{
    struct process *p = boot(1);

    fill_queue(p);
    call(p, TOCK_CLASS_SUBSCRIBE, NVS, 1, p->flash_start + 256, 0);
    allow_write(p, 4, 0x11);
    command(p, NVS, 3, 0, 4);
    settle_all();
    cr_expect(stored(0, 4, 0x11));
    EXPECT_REGS(command(p, NVS, 3, 4, 4), TOCK_SUCCESS, 3, 4, 4);
}

Test(nonvolatile_storage, a_long_request_lets_other_processes_run)
{
    struct process *p = boot(2);
    uint32_t runs;

    allow_read(p, 1500);
    command(p, NVS, 2, 0, 1500);
    runs = host_cpu.runs;
    while (p->upcalls.count == 0)
        kernel_loop_once();
    cr_expect(ge(u32, host_cpu.runs - runs, 5));
}

/* --- power cuts ----------------------------------------------------------- */

/* Does the storage hold 0x11 everywhere but in the new bytes, up to some page
 * boundary, of the write [140, 1340)? */
static bool is_old_and_new(void)
{
    for (uint32_t at = 0; at < SIZE; at++) {
        bool is_new = at >= 140 && at < 1340 && stored(140, at + 1, 0x22);
        bool is_boundary = at == 140 || (START + at) % STORE_PAGE == 0;

        if (!is_new && !stored(at, at + 1, 0x11))
            return false;
        if (!is_new && at > 140 && at < 1340 && stored(at - 1, at, 0x22) &&
            !is_boundary)
            return false;
    }
    return true;
}

Test(nonvolatile_storage, a_power_cut_anywhere_loses_no_other_bytes)
{
    static const uint32_t bytes[] = {0, 100, NOR_NOISE};
    struct process *p;
    uint32_t at = 0;

    for (bool is_dark = true; is_dark; at++) {
        nor_init(&nor, STORE_FLASH, STORE_PAGE, 4);
        p = boot(1);
        write(p, 0, SIZE, 0x11);
        nor_cut_at(&nor, nor.operations + at, bytes[at % 3]);
        allow_write(p, 1200, 0x22);
        command(p, NVS, 3, 140, 1200);
        settle_all();
        is_dark = nor.is_dark;
        p = boot(1);
        cr_assert(is_old_and_new(), "cut at %u", at);
        write(p, 140, 1200, 0x22);
        cr_assert(stored(140, 1340, 0x22), "cut at %u: afterwards", at);
    }
    cr_expect(ge(u32, at, 36));
}
