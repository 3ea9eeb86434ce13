/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "drivers.h"
#include "extra/crc.h"

TestSuite(crc, .timeout = 10);

#define CRC       TOCK_DRIVER_CRC
#define BUFFER(p) ((p)->ram.start + 100) /* 800 bytes */

static struct crc crc;

static struct process *boot(int count)
{
    board_power_on();
    crc_init(&crc);
    board.drivers[3] = (struct kernel_driver){CRC, &crc.driver};
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    for (int i = 0; i < count; i++)
        raise_break(&board.processes[i], 1024);
    return &board.processes[0];
}

static void allow(struct process *p, const char *text)
{
    uint32_t len = (uint32_t)strlen(text);

    memcpy(host_memory(BUFFER(p)), text, len);
    call(p, TOCK_CLASS_ALLOW_RO, CRC, 0, BUFFER(p), len);
}

static void expect_upcall(struct process *p, uint32_t a, uint32_t b, uint32_t c)
{
    yield_wait_for(p, CRC, 0);
    settle();
    cr_assert(eq(u8, p->state, PROCESS_RUNNING), "no upcall");
    EXPECT_REGS(p->context.regs, a, b, c, 0);
}

static void expect_sum(const char *text, uint32_t algorithm, uint32_t sum)
{
    struct process *p = boot(1);
    uint32_t len = (uint32_t)strlen(text);

    allow(p, text);
    EXPECT_REGS(command(p, CRC, 1, algorithm, len), TOCK_SUCCESS, 1, algorithm,
                len);
    expect_upcall(p, TOCK_OK, sum, algorithm);
}

/* The system call table of crc.h, row by row. */
Test(crc, command_0_says_that_it_is_there)
{
    struct process *p = boot(1);

    EXPECT_REGS(command(p, CRC, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    EXPECT_REGS(command(p, CRC, 2, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_RO, CRC, 1, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_RW, CRC, 0, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
}

Test(crc, sums_are_those_of_the_catalogues)
{
    expect_sum("123456789", 0, 0xcbf43926);
    expect_sum("123456789", 1, 0xe3069283);
    expect_sum("123456789", 2, 0x89f6);
}

Test(crc, sums_are_those_that_apps_elsewhere_expect)
{
    expect_sum("ABCDEFG", 0, 0x0e6f94bc);
    expect_sum("0123", 1, 0x063962b9);
    expect_sum("0123", 2, 0xd5a8);
    expect_sum("01234567ABCDEFGHI", 2, 0xb881);
}

Test(crc, only_the_first_bytes_are_summed)
{
    struct process *p = boot(1);

    allow(p, "123456789abc");
    command(p, CRC, 1, 0, 9);
    expect_upcall(p, TOCK_OK, 0xcbf43926, 0);
}

Test(crc, bad_requests_are_refused_and_start_nothing)
{
    struct process *p = boot(1);

    EXPECT_REGS(command(p, CRC, 1, 0, 1), TOCK_FAILURE, TOCK_SIZE, 0, 1);
    allow(p, "123456789");
    EXPECT_REGS(command(p, CRC, 1, 3, 9), TOCK_FAILURE, TOCK_INVAL, 3, 9);
    EXPECT_REGS(command(p, CRC, 1, UINT32_MAX, 9), TOCK_FAILURE, TOCK_INVAL,
                UINT32_MAX, 9);
    EXPECT_REGS(command(p, CRC, 1, 0, 10), TOCK_FAILURE, TOCK_SIZE, 0, 10);
    EXPECT_REGS(command(p, CRC, 1, 0, 0), TOCK_FAILURE, TOCK_SIZE, 0, 0);
    settle();
    cr_expect(eq(u32, p->upcalls.count, 0));
}

Test(crc, a_second_request_is_busy_until_the_upcall)
{
    struct process *p = boot(1);

    call(p, TOCK_CLASS_ALLOW_RO, CRC, 0, BUFFER(p), 800);
    command(p, CRC, 1, 0, 800);
    EXPECT_REGS(command(p, CRC, 1, 0, 9), TOCK_FAILURE, TOCK_BUSY, 0, 9);
    settle();
    EXPECT_REGS(command(p, CRC, 1, 0, 9), TOCK_SUCCESS, 1, 0, 9);
}

Test(crc, without_memory_for_the_grant_it_answers_nomem)
{
    struct process *p = boot(1);

    exhaust_grants(p);
    EXPECT_REGS(command(p, CRC, 1, 0, 9), TOCK_FAILURE, TOCK_NOMEM, 0, 9);
}

/* --- what goes wrong on the way ------------------------------------------- */

Test(crc, a_buffer_that_shrinks_meanwhile_ends_the_request)
{
    struct process *p = boot(1);

    call(p, TOCK_CLASS_ALLOW_RO, CRC, 0, BUFFER(p), 800);
    command(p, CRC, 1, 2, 800);
    kernel_loop_once();
    call(p, TOCK_CLASS_ALLOW_RO, CRC, 0, BUFFER(p), 600);
    expect_upcall(p, TOCK_SIZE, 0, 0);
    command(p, CRC, 1, 2, 600);
    call(p, TOCK_CLASS_ALLOW_RO, CRC, 0, 0, 0);
    expect_upcall(p, TOCK_SIZE, 0, 0);
}

Test(crc, two_processes_have_their_own_sums)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    allow(p, "123456789");
    allow(other, "ABCDEFG");
    command(p, CRC, 1, 1, 9);
    command(other, CRC, 1, 0, 7);
    expect_upcall(p, TOCK_OK, 0xe3069283, 1);
    expect_upcall(other, TOCK_OK, 0x0e6f94bc, 0);
}

Test(crc, a_process_that_ends_takes_its_request_along)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    call(p, TOCK_CLASS_ALLOW_RO, CRC, 0, BUFFER(p), 800);
    allow(other, "ABCDEFG");
    command(p, CRC, 1, 0, 800);
    command(other, CRC, 1, 0, 7);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    expect_upcall(other, TOCK_OK, 0x0e6f94bc, 0);
    cr_expect(eq(u32, p->upcalls.count, 0));
    raise_break(p, 1024);
    allow(p, "123456789");
    command(p, CRC, 1, 0, 9);
    expect_upcall(p, TOCK_OK, 0xcbf43926, 0);
}

Test(crc, a_full_queue_loses_the_upcall_and_nothing_else)
{
    struct process *p = boot(1);

    fill_queue(p);
    call(p, TOCK_CLASS_SUBSCRIBE, CRC, 0, p->flash_start + 256, 0);
    allow(p, "123456789");
    command(p, CRC, 1, 0, 9);
    settle();
    EXPECT_REGS(command(p, CRC, 1, 0, 9), TOCK_SUCCESS, 1, 0, 9);
}

Test(crc, a_long_sum_lets_other_processes_run)
{
    struct process *p = boot(2);
    uint32_t runs;

    call(p, TOCK_CLASS_ALLOW_RO, CRC, 0, BUFFER(p), 800);
    command(p, CRC, 1, 0, 800);
    runs = host_cpu.runs;
    for (int i = 0; i < 4; i++)
        kernel_loop_once();
    cr_expect(eq(u32, host_cpu.runs - runs, 4));
    cr_expect(eq(u32, p->upcalls.count, 1));
}
