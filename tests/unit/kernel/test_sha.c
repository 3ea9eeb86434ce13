/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "drivers.h"
#include "extra/sha.h"

TestSuite(sha, .timeout = 10);

#define SHA       TOCK_DRIVER_SHA
#define DATA(p)   ((p)->ram.start + 100) /* 400 bytes */
#define DIGEST(p) ((p)->ram.start + 600) /* 64 bytes  */

static struct sha sha;

static struct process *boot(int count)
{
    board_power_on();
    sha_init(&sha);
    board.drivers[3] = (struct kernel_driver){SHA, &sha.driver};
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    for (int i = 0; i < count; i++) {
        raise_break(&board.processes[i], 1024);
        for (uint32_t at = 0; at < 400; at++)
            *host_memory(DATA(&board.processes[i]) + at) =
                (uint8_t)(at * 7 + 3);
    }
    return &board.processes[0];
}

static void allow(struct process *p, uint32_t data, uint32_t digest)
{
    call(p, TOCK_CLASS_ALLOW_RO, SHA, 0, DATA(p), data);
    call(p, TOCK_CLASS_ALLOW_RW, SHA, 0, DIGEST(p), digest);
}

static void start(struct process *p)
{
    EXPECT_REGS(command(p, SHA, 2, 7, 8), TOCK_SUCCESS, 2, 7, 8);
}

static void expect_upcall(struct process *p, enum tock_error status)
{
    yield_wait_for(p, SHA, 0);
    settle();
    cr_assert(eq(u8, p->state, PROCESS_RUNNING), "no upcall");
    EXPECT_REGS(p->context.regs, status, 0, 0, 0);
}

static const uint8_t of_400_bytes[] = {
    0x29, 0x7d, 0xea, 0xaf, 0xbb, 0xe0, 0xbb, 0xb7, 0xc8, 0x0d, 0x39,
    0x96, 0xf9, 0x9e, 0x0f, 0x6b, 0x37, 0xa8, 0x51, 0xcb, 0x1f, 0x92,
    0xe8, 0x42, 0x32, 0xcb, 0xf2, 0xf6, 0x48, 0x94, 0x85, 0x94};
static const uint8_t of_nothing[] = {
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
    0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
    0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55};

static bool digest_is(struct process *p, const uint8_t expected[SHA_DIGEST])
{
    return memcmp(host_memory(DIGEST(p)), expected, SHA_DIGEST) == 0;
}

/* The system call table of sha.h, row by row. */
Test(sha, command_0_says_that_it_is_there)
{
    struct process *p = boot(1);

    EXPECT_REGS(command(p, SHA, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    EXPECT_REGS(command(p, SHA, 3, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7, 8);
}

Test(sha, command_1_knows_sha_256_only)
{
    struct process *p = boot(1);

    EXPECT_REGS(command(p, SHA, 1, 0, 8), TOCK_SUCCESS, 1, 0, 8);
    EXPECT_REGS(command(p, SHA, 1, 1, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 1, 8);
    EXPECT_REGS(command(p, SHA, 1, UINT32_MAX, 8), TOCK_FAILURE, TOCK_NOSUPPORT,
                UINT32_MAX, 8);
}

Test(sha, command_2_gives_the_digest_of_the_whole_buffer)
{
    struct process *p = boot(1);

    allow(p, 400, SHA_DIGEST);
    start(p);
    expect_upcall(p, TOCK_OK);
    cr_expect(digest_is(p, of_400_bytes));
    cr_expect(is_all(DIGEST(p), SHA_DIGEST, 64, 0));
}

Test(sha, nothing_has_a_digest_too)
{
    struct process *p = boot(1);

    allow(p, 0, SHA_DIGEST);
    start(p);
    expect_upcall(p, TOCK_OK);
    cr_expect(digest_is(p, of_nothing));
}

Test(sha, a_buffer_of_another_length_than_the_digest_s_is_nomem)
{
    static const uint32_t lens[] = {0, 31, 33, 64};
    struct process *p = boot(1);

    for (size_t i = 0; i < ARRAY_COUNT(lens); i++) {
        allow(p, 400, lens[i]);
        start(p);
        expect_upcall(p, TOCK_NOMEM);
        cr_expect(is_all(DIGEST(p), 0, 64, 0));
    }
}

Test(sha, a_second_request_is_refused_until_the_upcall)
{
    struct process *p = boot(1);

    allow(p, 400, SHA_DIGEST);
    start(p);
    EXPECT_REGS(command(p, SHA, 2, 7, 8), TOCK_FAILURE, TOCK_NOMEM, 7, 8);
    expect_upcall(p, TOCK_OK);
    cr_expect(digest_is(p, of_400_bytes));
    start(p);
}

Test(sha, without_memory_for_the_grant_it_answers_nomem)
{
    struct process *p = boot(1);

    exhaust_grants(p);
    EXPECT_REGS(command(p, SHA, 2, 7, 8), TOCK_FAILURE, TOCK_NOMEM, 7, 8);
}

/* --- what goes wrong on the way ------------------------------------------- */

Test(sha, a_buffer_that_shrinks_meanwhile_ends_the_request)
{
    struct process *p = boot(1);

    allow(p, 400, SHA_DIGEST);
    start(p);
    allow(p, 399, SHA_DIGEST);
    expect_upcall(p, TOCK_SIZE);
    cr_expect(is_all(DIGEST(p), 0, 64, 0));
}

Test(sha, the_digest_goes_where_the_buffer_is_then)
{
    struct process *p = boot(1);

    allow(p, 400, SHA_DIGEST);
    start(p);
    call(p, TOCK_CLASS_ALLOW_RW, SHA, 0, 0, 0);
    expect_upcall(p, TOCK_NOMEM);
    cr_expect(is_all(DIGEST(p), 0, 64, 0));
}

Test(sha, two_processes_have_their_own_digests)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    allow(p, 400, SHA_DIGEST);
    allow(other, 0, SHA_DIGEST);
    start(p);
    start(other);
    expect_upcall(p, TOCK_OK);
    expect_upcall(other, TOCK_OK);
    cr_expect(digest_is(p, of_400_bytes));
    cr_expect(digest_is(other, of_nothing));
}

Test(sha, a_process_that_ends_takes_its_request_along)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    allow(p, 400, SHA_DIGEST);
    allow(other, 400, SHA_DIGEST);
    start(p);
    start(other);
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    expect_upcall(other, TOCK_OK);
    cr_expect(digest_is(other, of_400_bytes));
    cr_expect(eq(u8, p->upcalls.count, 0));
}

Test(sha, a_full_queue_loses_the_upcall_and_nothing_else)
{
    struct process *p = boot(1);

    fill_queue(p);
    call(p, TOCK_CLASS_SUBSCRIBE, SHA, 0, p->flash_start + 256, 0);
    allow(p, 400, SHA_DIGEST);
    start(p);
    settle();
    cr_expect(digest_is(p, of_400_bytes));
    start(p);
}
