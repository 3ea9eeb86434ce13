/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "drivers.h"
#include "extra/hmac.h"

TestSuite(hmac, .timeout = 10);

#define HMAC       TOCK_DRIVER_HMAC
#define DATA(p)    ((p)->ram.start + 100) /* 400 bytes; the key is there too */
#define CODE(p)    ((p)->ram.start + 600) /* 80 bytes                        */
#define COMPARE(p) ((p)->ram.start + 700) /* 64 bytes */

enum { RUN = 1, UPDATE, FINISH, VERIFY, VERIFY_FINISH };

static struct hmac_driver hmac;

static struct process *boot(int count)
{
    board_power_on();
    hmac_init(&hmac);
    board.drivers[3] = (struct kernel_driver){HMAC, &hmac.driver};
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

static void allow_data(struct process *p, uint32_t len)
{
    call(p, TOCK_CLASS_ALLOW_RO, HMAC, 1, DATA(p), len);
}

static void allow(struct process *p, uint32_t key, uint32_t data, uint32_t code)
{
    call(p, TOCK_CLASS_ALLOW_RO, HMAC, 0, DATA(p), key);
    allow_data(p, data);
    call(p, TOCK_CLASS_ALLOW_RW, HMAC, 2, CODE(p), code);
}

static void allow_compare(struct process *p, const uint8_t *code, uint32_t len)
{
    memcpy(host_memory(COMPARE(p)), code, len);
    call(p, TOCK_CLASS_ALLOW_RO, HMAC, 2, COMPARE(p), len);
}

static enum tock_error start(struct process *p, uint32_t number)
{
    const uint32_t *r = command(p, HMAC, number, 0, 0);

    return r[0] == TOCK_SUCCESS ? TOCK_OK : r[1];
}

static void expect_upcall(struct process *p, uint32_t number,
                          enum tock_error status, uint32_t is_equal)
{
    yield_wait_for(p, HMAC, number);
    settle();
    cr_assert(eq(u8, p->state, PROCESS_RUNNING), "no upcall");
    EXPECT_REGS(p->context.regs, status, is_equal, 0, 0);
}

static bool code_is(struct process *p, const uint8_t *expected, uint32_t len)
{
    return memcmp(host_memory(CODE(p)), expected, len) == 0;
}

/* Made with Python's hmac: key 150 bytes, data 300 bytes; algorithms 0 to 3. */
static const uint8_t codes[4][64] = {
    {0x79, 0xc9, 0x0f, 0x85, 0x41, 0x7c, 0xed, 0x94, 0xc4, 0xc8, 0xdc,
     0x8a, 0xf4, 0xfe, 0x68, 0x87, 0xf8, 0x46, 0xa2, 0x09, 0x88, 0xa8,
     0xb5, 0x77, 0x49, 0xae, 0x03, 0x67, 0xdc, 0x63, 0x9e, 0x76},
    {0xd4, 0xdb, 0xe8, 0x11, 0x9d, 0xe0, 0xee, 0xee, 0xae, 0xf8, 0x91, 0x56,
     0x8e, 0xb4, 0x49, 0x28, 0x60, 0x13, 0x28, 0xfb, 0xdd, 0x21, 0x28, 0xff,
     0x85, 0x32, 0x25, 0x12, 0xfe, 0x68, 0x19, 0xbd, 0xf0, 0x8e, 0xd0, 0x67,
     0x0e, 0xec, 0xa4, 0x67, 0x2c, 0x22, 0x84, 0x98, 0x46, 0x8a, 0xa7, 0x03},
    {0xd8, 0x64, 0x8a, 0x84, 0x6b, 0x6f, 0x7d, 0x29, 0x31, 0x2e, 0x9a,
     0xcd, 0xce, 0x67, 0xe8, 0xce, 0xd9, 0x97, 0x12, 0xd2, 0x49, 0x06,
     0x4a, 0xcc, 0xb0, 0x94, 0xc3, 0x78, 0x97, 0x64, 0xfb, 0x4b, 0xf4,
     0xcc, 0x84, 0x99, 0x1d, 0x0a, 0x19, 0x45, 0x61, 0xe6, 0x0b, 0xf5,
     0x35, 0xd5, 0xe6, 0x5a, 0xb7, 0x4b, 0x1b, 0xa1, 0x73, 0xf8, 0xea,
     0x7f, 0x1a, 0x7a, 0xf2, 0x75, 0x0e, 0x79, 0x1a, 0x22},
    {0x88, 0x8a, 0xa8, 0x74, 0xbe, 0x96, 0xab, 0x7d, 0xfa, 0x21,
     0xc1, 0xbf, 0xe9, 0x5f, 0x32, 0xc6, 0x77, 0x8d, 0x5c, 0xa7,
     0x05, 0x24, 0xf6, 0x5f, 0x5e, 0x63, 0x01, 0x0e}};
static const uint32_t lens[4] = {32, 48, 64, 28};

/* The same data, then 100 bytes more. */
static const uint8_t of_two[32] = {
    0x7f, 0xe6, 0xda, 0xd4, 0x96, 0x95, 0x51, 0x4e, 0xd4, 0xce, 0xdf,
    0x75, 0xb1, 0x7a, 0x3b, 0xe7, 0xc3, 0x82, 0xe0, 0x45, 0xa9, 0x44,
    0x80, 0x18, 0xba, 0x0f, 0x07, 0x80, 0xfb, 0x1e, 0xfb, 0x34};

/* A key of 11 bytes. */
static const uint8_t of_short_key[32] = {
    0x9b, 0xf6, 0xa7, 0x1a, 0x03, 0xc1, 0x98, 0xe2, 0x79, 0x5b, 0xa4,
    0x22, 0x4b, 0xad, 0x88, 0xa3, 0xa3, 0x0c, 0xc2, 0xd9, 0x15, 0x56,
    0xaf, 0x26, 0x62, 0x3b, 0x83, 0x13, 0x9e, 0xf0, 0xc8, 0x76};

/* The system call table of hmac.h, row by row. */
Test(hmac, command_0_chooses_an_algorithm)
{
    struct process *p = boot(1);

    for (uint32_t i = 0; i < 4; i++)
        EXPECT_REGS(command(p, HMAC, 0, i, 8), TOCK_SUCCESS, 0, i, 8);
    for (uint32_t i = 4; i < 8; i++)
        EXPECT_REGS(command(p, HMAC, 0, i, 8), TOCK_FAILURE, TOCK_NOSUPPORT, i,
                    8);
    EXPECT_REGS(command(p, HMAC, 6, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7, 8);
    EXPECT_REGS(command(p, HMAC, UINT32_MAX, 7, 8), TOCK_FAILURE,
                TOCK_NOSUPPORT, 7, 8);
}

Test(hmac, command_1_gives_the_code_in_every_algorithm)
{
    for (uint32_t i = 0; i < 4; i++) {
        struct process *p = boot(1);

        allow(p, 150, 300, 80);
        command(p, HMAC, 0, i, 0);
        EXPECT_REGS(command(p, HMAC, RUN, 7, 8), TOCK_SUCCESS, RUN, 7, 8);
        expect_upcall(p, 0, TOCK_OK, 0);
        cr_expect(code_is(p, codes[i], lens[i]), "algorithm %u", (unsigned)i);
        cr_expect(is_all(CODE(p), lens[i], 80, 0));
    }
}

Test(hmac, a_short_key_is_right_too)
{
    struct process *p = boot(1);

    allow(p, 11, 300, 32);
    start(p, 0);
    cr_expect(eq(int, start(p, RUN), TOCK_OK));
    expect_upcall(p, 0, TOCK_OK, 0);
    cr_expect(code_is(p, of_short_key, 32));
}

Test(hmac, commands_2_and_3_take_the_message_in_pieces)
{
    struct process *p = boot(1);

    allow(p, 150, 300, 32);
    start(p, 0);
    cr_expect(eq(int, start(p, UPDATE), TOCK_OK));
    expect_upcall(p, 0, TOCK_OK, 0);
    cr_expect(is_all(CODE(p), 0, 32, 0));
    allow(p, 0, 100, 32); /* the key is not needed any more */
    cr_expect(eq(int, start(p, UPDATE), TOCK_OK));
    expect_upcall(p, 0, TOCK_OK, 0);
    cr_expect(eq(int, start(p, FINISH), TOCK_OK));
    expect_upcall(p, 0, TOCK_OK, 0);
    cr_expect(code_is(p, of_two, 32));
    cr_expect(eq(int, start(p, FINISH), TOCK_OFF));
}

Test(hmac, command_4_compares_the_data_s_code)
{
    struct process *p = boot(1);
    uint8_t wrong[64];

    allow(p, 150, 300, 0);
    for (uint32_t i = 0; i < 4; i++) {
        command(p, HMAC, 0, i, 0);
        allow_compare(p, codes[i], lens[i]);
        cr_expect(eq(int, start(p, VERIFY), TOCK_OK));
        expect_upcall(p, 1, TOCK_OK, 1);
        memcpy(wrong, codes[i], lens[i]);
        wrong[lens[i] - 1] ^= 1;
        allow_compare(p, wrong, lens[i]);
        cr_expect(eq(int, start(p, VERIFY), TOCK_OK));
        expect_upcall(p, 1, TOCK_OK, 0);
    }
}

Test(hmac, a_code_of_another_length_is_not_equal)
{
    static const uint32_t others[] = {0, 1, 31, 33};
    struct process *p = boot(1);

    allow(p, 150, 300, 0);
    start(p, 0);
    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        allow_compare(p, codes[0], others[i]);
        cr_expect(eq(int, start(p, VERIFY), TOCK_OK));
        expect_upcall(p, 1, TOCK_OK, 0);
    }
}

Test(hmac, command_5_compares_what_was_added)
{
    struct process *p = boot(1);

    allow(p, 150, 300, 0);
    start(p, 0);
    start(p, UPDATE);
    expect_upcall(p, 0, TOCK_OK, 0);
    allow_data(p, 100);
    start(p, UPDATE);
    expect_upcall(p, 0, TOCK_OK, 0);
    allow_compare(p, of_two, 32);
    cr_expect(eq(int, start(p, VERIFY_FINISH), TOCK_OK));
    expect_upcall(p, 1, TOCK_OK, 1);
    cr_expect(eq(int, start(p, VERIFY_FINISH), TOCK_OFF));
}

Test(hmac, what_is_missing_is_told_at_once)
{
    struct process *p = boot(1);

    allow(p, 150, 300, 32);
    cr_expect(eq(int, start(p, RUN), TOCK_INVAL));
    cr_expect(eq(int, start(p, UPDATE), TOCK_INVAL));
    cr_expect(eq(int, start(p, VERIFY), TOCK_INVAL));
    start(p, 0);
    cr_expect(eq(int, start(p, FINISH), TOCK_OFF));
    cr_expect(eq(int, start(p, VERIFY_FINISH), TOCK_OFF));
    allow(p, 0, 300, 32);
    cr_expect(eq(int, start(p, RUN), TOCK_RESERVE));
    cr_expect(eq(int, start(p, UPDATE), TOCK_RESERVE));
    settle();
    cr_expect(eq(u8, p->upcalls.count, 0));
}

Test(hmac, choosing_an_algorithm_or_running_ends_the_message)
{
    struct process *p = boot(1);

    allow(p, 150, 300, 32);
    start(p, 0);
    start(p, UPDATE);
    expect_upcall(p, 0, TOCK_OK, 0);
    start(p, 0);
    cr_expect(eq(int, start(p, FINISH), TOCK_OFF));
    start(p, UPDATE);
    expect_upcall(p, 0, TOCK_OK, 0);
    start(p, RUN);
    expect_upcall(p, 0, TOCK_OK, 0);
    cr_expect(code_is(p, codes[0], 32));
    cr_expect(eq(int, start(p, FINISH), TOCK_OFF));
}

Test(hmac, a_second_request_is_refused_until_the_upcall)
{
    struct process *p = boot(1);

    allow(p, 150, 300, 32);
    start(p, 0);
    start(p, RUN);
    for (uint32_t number = 0; number <= UPDATE; number++)
        cr_expect(eq(int, start(p, number), TOCK_NOMEM));
    expect_upcall(p, 0, TOCK_OK, 0);
    cr_expect(code_is(p, codes[0], 32));
}

Test(hmac, without_memory_for_the_grant_it_answers_nomem)
{
    struct process *p = boot(1);

    exhaust_grants(p);
    for (uint32_t number = 0; number <= VERIFY_FINISH; number++)
        cr_expect(eq(int, start(p, number), TOCK_NOMEM));
}

/* --- what goes wrong on the way ------------------------------------------- */

Test(hmac, the_code_is_cut_to_its_buffer_or_there_is_none)
{
    struct process *p = boot(1);

    allow(p, 150, 300, 5);
    start(p, 0);
    start(p, RUN);
    expect_upcall(p, 0, TOCK_OK, 0);
    cr_expect(code_is(p, codes[0], 5));
    cr_expect(is_all(CODE(p), 5, 80, 0));
    allow(p, 150, 300, 0);
    start(p, RUN);
    expect_upcall(p, 0, TOCK_NOMEM, 0);
}

Test(hmac, a_key_or_data_that_shrinks_meanwhile_ends_the_request)
{
    struct process *p = boot(1);

    allow(p, 150, 300, 32);
    start(p, 0);
    start(p, RUN);
    allow(p, 149, 300, 32);
    expect_upcall(p, 0, TOCK_SIZE, 0);
    start(p, UPDATE);
    expect_upcall(p, 0, TOCK_OK, 0);
    allow_data(p, 300);
    start(p, UPDATE);
    allow_data(p, 299);
    expect_upcall(p, 0, TOCK_SIZE, 0);
    cr_expect(eq(int, start(p, FINISH), TOCK_OFF));
    cr_expect(is_all(CODE(p), 0, 80, 0));
}

Test(hmac, two_processes_have_their_own_messages)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    for (int i = 0; i < 2; i++) {
        allow(&board.processes[i], 150, 300, 32);
        start(&board.processes[i], 0);
        start(&board.processes[i], UPDATE);
    }
    expect_upcall(p, 0, TOCK_OK, 0);
    expect_upcall(other, 0, TOCK_OK, 0);
    allow_data(p, 100);
    start(p, UPDATE);
    start(other, FINISH);
    expect_upcall(other, 0, TOCK_OK, 0);
    cr_expect(code_is(other, codes[0], 32));
    expect_upcall(p, 0, TOCK_OK, 0);
    start(p, FINISH);
    expect_upcall(p, 0, TOCK_OK, 0);
    cr_expect(code_is(p, of_two, 32));
}

Test(hmac, a_process_that_ends_takes_its_request_along)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];

    for (int i = 0; i < 2; i++) {
        allow(&board.processes[i], 150, 300, 32);
        start(&board.processes[i], 0);
        start(&board.processes[i], RUN);
    }
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    expect_upcall(other, 0, TOCK_OK, 0);
    cr_expect(code_is(other, codes[0], 32));
    cr_expect(eq(u8, p->upcalls.count, 0));
    cr_expect(eq(int, start(p, RUN), TOCK_INVAL));
}

Test(hmac, a_full_queue_loses_the_upcall_and_nothing_else)
{
    struct process *p = boot(1);

    fill_queue(p);
    call(p, TOCK_CLASS_SUBSCRIBE, HMAC, 0, p->flash_start + 256, 0);
    allow(p, 150, 300, 32);
    start(p, 0);
    start(p, RUN);
    settle();
    cr_expect(code_is(p, codes[0], 32));
    cr_expect(eq(int, start(p, RUN), TOCK_OK));
}
