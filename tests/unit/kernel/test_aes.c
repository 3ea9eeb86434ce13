/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "aes/ccm.h"
#include "drivers.h"
#include "extra/aes.h"

TestSuite(aes_driver, .timeout = 10);

#define AES     TOCK_DRIVER_AES
#define KEY(p)  ((p)->ram.start + 64)  /* 16 bytes, then the vector */
#define VEC(p)  ((p)->ram.start + 80)  /* 16 bytes                  */
#define SRC(p)  ((p)->ram.start + 128) /* 320 bytes                 */
#define DEST(p) ((p)->ram.start + 512) /* 400 bytes                 */

enum { CTR, CBC, ECB, CCM };
enum { MODE = 1, SET_UP, CRYPT, FINISH, DATA_AT, MESSAGE_AT, TAG_LEN, SECRET };

static struct aes aes;

/* What lib/aes, which has tests of its own, makes of the same bytes. */
static uint8_t expected[400];
static struct aes128 key;
static struct aes_block vector;

static void fill(struct process *p)
{
    struct aes_block bytes;

    for (uint32_t i = 0; i < AES_BLOCK; i++) {
        bytes.bytes[i] = (uint8_t)(i * 3 + 1);
        vector.bytes[i] = (uint8_t)(0xf8 + i);
    }
    memcpy(host_memory(KEY(p)), bytes.bytes, AES_BLOCK);
    memcpy(host_memory(VEC(p)), vector.bytes, AES_BLOCK);
    aes128_init(&key, &bytes);
    for (uint32_t i = 0; i < 320; i++)
        *host_memory(SRC(p) + i) = expected[i] = (uint8_t)(i * 7 + 3);
}

static struct process *boot(int count)
{
    board_power_on();
    aes_init(&aes);
    board.drivers[3] = (struct kernel_driver){AES, &aes.driver};
    for (int i = 0; i < count; i++)
        board_install(&(struct board_app){.name = "app"});
    board_boot();
    for (int i = 0; i < count; i++) {
        raise_break(&board.processes[i], 1024);
        fill(&board.processes[i]);
    }
    return &board.processes[0];
}

static void allow(struct process *p, uint32_t source, uint32_t destination)
{
    call(p, TOCK_CLASS_ALLOW_RO, AES, 0, KEY(p), AES_BLOCK);
    call(p, TOCK_CLASS_ALLOW_RO, AES, 1, VEC(p), AES_BLOCK);
    call(p, TOCK_CLASS_ALLOW_RO, AES, 2, SRC(p), source);
    call(p, TOCK_CLASS_ALLOW_RW, AES, 0, DEST(p), destination);
}

static void allow_part(struct process *p, uint32_t off, uint32_t len)
{
    call(p, TOCK_CLASS_ALLOW_RO, AES, 2, SRC(p) + off, len);
    call(p, TOCK_CLASS_ALLOW_RW, AES, 0, DEST(p) + off, len);
}

static enum tock_error run(struct process *p, uint32_t number, uint32_t a,
                           uint32_t b)
{
    const uint32_t *r = command(p, AES, number, a, b);

    return r[0] == TOCK_SUCCESS ? TOCK_OK : r[1];
}

static void expect_upcall(struct process *p, enum tock_error status,
                          uint32_t length, uint32_t is_valid)
{
    yield_wait_for(p, AES, 0);
    settle();
    cr_assert(eq(u8, p->state, PROCESS_RUNNING), "no upcall");
    EXPECT_REGS(p->context.regs, status, length, is_valid, 0);
}

static void expect_ok(enum tock_error error)
{
    cr_expect(eq(int, error, TOCK_OK));
}

static bool destination_is(struct process *p, const uint8_t *bytes,
                           uint32_t len)
{
    return memcmp(host_memory(DEST(p)), bytes, len) == 0;
}

/* The destination becomes the source, and the other way round. */
static void turn_round(struct process *p, uint32_t len)
{
    memcpy(host_memory(SRC(p)), host_memory(DEST(p)), len);
    memset(host_memory(DEST(p)), 0, 400);
}

static bool is_plain(struct process *p, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++) {
        if (*host_memory(DEST(p) + i) != (uint8_t)(i * 7 + 3))
            return false;
    }
    return true;
}

static struct span of_expected(uint32_t off, uint32_t len)
{
    return (struct span){expected + off, len};
}

/* --- the system call table of aes.h, row by row --------------------------- */

Test(aes_driver, command_0_says_that_it_is_there)
{
    struct process *p = boot(1);

    EXPECT_REGS(command(p, AES, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    EXPECT_REGS(command(p, AES, 9, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_RO, AES, 3, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
}

Test(aes_driver, command_1_chooses_one_of_four_modes)
{
    struct process *p = boot(1);

    for (uint32_t mode = 0; mode < 4; mode++)
        expect_ok(run(p, MODE, mode, 1));
    cr_expect(eq(int, run(p, MODE, 4, 1), TOCK_NOSUPPORT));
    cr_expect(eq(int, run(p, MODE, UINT32_MAX, 1), TOCK_NOSUPPORT));
}

Test(aes_driver, ctr_takes_any_length_and_goes_on)
{
    struct process *p = boot(1);
    struct aes_ctr ctr = {.counter = vector};

    aes_ctr(&key, &ctr, of_expected(0, 300));
    allow(p, 101, 101);
    expect_ok(run(p, MODE, CTR, 1));
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 101, 0);
    allow_part(p, 101, 199);
    expect_ok(run(p, CRYPT, 0, 0));
    expect_upcall(p, TOCK_OK, 199, 0);
    cr_expect(destination_is(p, expected, 300));
    expect_ok(run(p, FINISH, 0, 0));
    cr_expect(eq(int, run(p, CRYPT, 0, 0), TOCK_OFF));
    cr_expect(eq(int, run(p, FINISH, 0, 0), TOCK_OFF));
    turn_round(p, 300);
    allow(p, 300, 300);
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 300, 0);
    cr_expect(is_plain(p, 300));
}

Test(aes_driver, cbc_there_and_back)
{
    struct process *p = boot(1);
    struct aes_block chain = vector;

    aes_cbc(&key, true, &chain, of_expected(0, 160));
    allow(p, 96, 96);
    expect_ok(run(p, MODE, CBC, 1));
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 96, 0);
    allow_part(p, 96, 64);
    expect_ok(run(p, CRYPT, 0, 0));
    expect_upcall(p, TOCK_OK, 64, 0);
    cr_expect(destination_is(p, expected, 160));
    turn_round(p, 160);
    allow(p, 160, 160);
    expect_ok(run(p, MODE, CBC, 0));
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 160, 0);
    cr_expect(is_plain(p, 160));
}

Test(aes_driver, ecb_needs_no_vector)
{
    struct process *p = boot(1);

    aes_ecb(&key, true, of_expected(0, 160));
    allow(p, 160, 160);
    call(p, TOCK_CLASS_ALLOW_RO, AES, 1, 0, 0);
    expect_ok(run(p, MODE, ECB, 1));
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 160, 0);
    cr_expect(destination_is(p, expected, 160));
    turn_round(p, 160);
    expect_ok(run(p, MODE, ECB, 0));
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 160, 0);
    cr_expect(is_plain(p, 160));
}

/* 10 bytes copied, 30 of data, 100 of message. */
static struct aes_block expect_frame(enum ccm_direction direction)
{
    struct ccm ccm;
    struct aes_block tag;

    ccm_begin(&ccm, &key, &vector, &(struct ccm_sizes){30, 100, 8});
    ccm_add_data(&ccm, &key, of_expected(10, 30));
    ccm_crypt(&ccm, &key, direction, of_expected(40, 100));
    ccm_tag(&ccm, &key, &tag);
    return tag;
}

static void choose_ccm(struct process *p, uint32_t is_encrypt)
{
    expect_ok(run(p, MODE, CCM, is_encrypt));
    expect_ok(run(p, DATA_AT, 10, 0));
    expect_ok(run(p, MESSAGE_AT, 40, 0));
    expect_ok(run(p, TAG_LEN, 8, 0));
}

Test(aes_driver, ccm_encrypts_a_frame_and_appends_the_tag)
{
    struct process *p = boot(1);
    struct aes_block tag = expect_frame(CCM_ENCRYPT);

    allow(p, 140, 400);
    choose_ccm(p, 1);
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 148, 0);
    cr_expect(destination_is(p, expected, 140));
    cr_expect(eq(int, memcmp(host_memory(DEST(p) + 140), tag.bytes, 8), 0));
    cr_expect(is_all(DEST(p), 148, 400, 0));
    cr_expect(eq(int, run(p, CRYPT, 0, 0), TOCK_OFF));
    turn_round(p, 148);
    allow(p, 148, 400);
    choose_ccm(p, 0);
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 140, 1);
    cr_expect(is_plain(p, 140));
}

Test(aes_driver, ccm_notices_every_changed_part)
{
    static const uint32_t parts[] = {10, 39, 40, 139, 140, 147};
    struct process *p = boot(1);

    allow(p, 140, 400);
    choose_ccm(p, 1);
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 148, 0);
    turn_round(p, 148);
    allow(p, 148, 400);
    choose_ccm(p, 0);
    for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
        *host_memory(SRC(p) + parts[i]) ^= 0x10;
        expect_ok(run(p, SET_UP, 0, 0));
        expect_upcall(p, TOCK_OK, 140, 0);
        *host_memory(SRC(p) + parts[i]) ^= 0x10;
    }
    *host_memory(SRC(p) + 9) ^= 0x10; /* not authenticated */
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 140, 1);
}

Test(aes_driver, ccm_can_leave_the_message_readable)
{
    struct process *p = boot(1);
    struct aes_block tag = expect_frame(CCM_PLAIN);

    allow(p, 140, 148);
    choose_ccm(p, 1);
    expect_ok(run(p, SECRET, 0, 0));
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 148, 0);
    cr_expect(is_plain(p, 140));
    cr_expect(eq(int, memcmp(host_memory(DEST(p) + 140), tag.bytes, 8), 0));
}

Test(aes_driver, ccm_writes_as_much_of_the_tag_as_fits)
{
    struct process *p = boot(1);

    expect_frame(CCM_ENCRYPT);
    allow(p, 140, 140);
    choose_ccm(p, 1);
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 140, 0);
    cr_expect(destination_is(p, expected, 140));
    cr_expect(is_all(DEST(p), 140, 400, 0));
}

Test(aes_driver, frames_that_are_none_are_refused)
{
    struct process *p = boot(1);

    allow(p, 140, 400);
    choose_ccm(p, 1);
    run(p, MESSAGE_AT, 141, 0);
    cr_expect(eq(int, run(p, SET_UP, 0, 0), TOCK_SIZE));
    run(p, MESSAGE_AT, 9, 0);
    cr_expect(eq(int, run(p, SET_UP, 0, 0), TOCK_SIZE));
    choose_ccm(p, 0);
    allow(p, 47, 400);
    cr_expect(eq(int, run(p, SET_UP, 0, 0), TOCK_SIZE));
    allow(p, 7, 400);
    cr_expect(eq(int, run(p, SET_UP, 0, 0), TOCK_SIZE));
    allow(p, 48, 400);
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 40, 0);
}

Test(aes_driver, tags_have_even_lengths)
{
    struct process *p = boot(1);

    for (uint32_t len = 0; len < 20; len++) {
        bool is_good = len == 0 || (len >= 4 && len <= 16 && len % 2 == 0);

        cr_expect(
            eq(int, run(p, TAG_LEN, len, 0), is_good ? TOCK_OK : TOCK_INVAL));
    }
}

Test(aes_driver, what_is_missing_is_told_at_once)
{
    struct process *p = boot(1);

    allow(p, 160, 160);
    cr_expect(eq(int, run(p, SET_UP, 0, 0), TOCK_INVAL));
    cr_expect(eq(int, run(p, CRYPT, 0, 0), TOCK_OFF));
    cr_expect(eq(int, run(p, FINISH, 0, 0), TOCK_OFF));
    run(p, MODE, CBC, 1);
    cr_expect(eq(int, run(p, CRYPT, 0, 0), TOCK_OFF));
    call(p, TOCK_CLASS_ALLOW_RO, AES, 0, KEY(p), 15);
    cr_expect(eq(int, run(p, SET_UP, 0, 0), TOCK_INVAL));
    call(p, TOCK_CLASS_ALLOW_RO, AES, 0, KEY(p), 32);
    cr_expect(eq(int, run(p, SET_UP, 0, 0), TOCK_INVAL));
    call(p, TOCK_CLASS_ALLOW_RO, AES, 0, 0, 0);
    cr_expect(eq(int, run(p, SET_UP, 0, 0), TOCK_RESERVE));
    allow(p, 160, 160);
    call(p, TOCK_CLASS_ALLOW_RO, AES, 1, VEC(p), 13);
    cr_expect(eq(int, run(p, SET_UP, 0, 0), TOCK_INVAL));
    call(p, TOCK_CLASS_ALLOW_RO, AES, 1, 0, 0);
    cr_expect(eq(int, run(p, SET_UP, 0, 0), TOCK_RESERVE));
    allow(p, 161, 400);
    cr_expect(eq(int, run(p, SET_UP, 0, 0), TOCK_SIZE));
    settle();
    cr_expect(eq(u8, p->upcalls.count, 0));
}

Test(aes_driver, a_source_of_nothing_is_done_at_once)
{
    struct process *p = boot(1);

    allow(p, 0, 160);
    run(p, MODE, CBC, 1);
    expect_ok(run(p, SET_UP, 0, 0));
    expect_upcall(p, TOCK_OK, 0, 0);
    cr_expect(is_all(DEST(p), 0, 400, 0));
}

Test(aes_driver, a_second_request_is_refused_until_the_upcall)
{
    struct process *p = boot(1);

    allow(p, 320, 320);
    run(p, MODE, CTR, 1);
    run(p, SET_UP, 0, 0);
    cr_expect(eq(int, run(p, MODE, CTR, 1), TOCK_NOMEM));
    cr_expect(eq(int, run(p, CRYPT, 0, 0), TOCK_NOMEM));
    expect_upcall(p, TOCK_OK, 320, 0);
}

Test(aes_driver, without_memory_for_the_grant_it_answers_nomem)
{
    struct process *p = boot(1);

    exhaust_grants(p);
    for (uint32_t number = MODE; number <= SECRET; number++)
        cr_expect(eq(int, run(p, number, 0, 0), TOCK_NOMEM));
}

/* --- what goes wrong on the way ------------------------------------------- */

Test(aes_driver, in_place_is_the_same)
{
    struct process *p = boot(1);
    struct aes_ctr ctr = {.counter = vector};

    aes_ctr(&key, &ctr, of_expected(0, 300));
    allow(p, 300, 0);
    call(p, TOCK_CLASS_ALLOW_RW, AES, 0, SRC(p), 300);
    run(p, MODE, CTR, 1);
    run(p, SET_UP, 0, 0);
    expect_upcall(p, TOCK_OK, 300, 0);
    cr_expect(eq(int, memcmp(host_memory(SRC(p)), expected, 300), 0));
}

Test(aes_driver, a_destination_too_short_ends_the_request)
{
    struct process *p = boot(1);
    struct aes_ctr ctr = {.counter = vector};

    aes_ctr(&key, &ctr, of_expected(0, 100));
    allow(p, 300, 100);
    run(p, MODE, CTR, 1);
    run(p, SET_UP, 0, 0);
    expect_upcall(p, TOCK_SIZE, 100, 0);
    cr_expect(destination_is(p, expected, 100));
    cr_expect(is_all(DEST(p), 100, 400, 0));
    cr_expect(eq(int, run(p, CRYPT, 0, 0), TOCK_OFF));
    allow(p, 300, 0);
    run(p, SET_UP, 0, 0);
    expect_upcall(p, TOCK_SIZE, 0, 0);
}

Test(aes_driver, a_source_that_shrinks_meanwhile_ends_the_request)
{
    struct process *p = boot(1);

    allow(p, 320, 320);
    run(p, MODE, CBC, 1);
    run(p, SET_UP, 0, 0);
    allow(p, 304, 320);
    yield_wait_for(p, AES, 0);
    settle();
    cr_assert(eq(u8, p->state, PROCESS_RUNNING));
    cr_expect(eq(u32, p->context.regs[0], TOCK_SIZE));
    cr_expect(le(u32, p->context.regs[1], 304));
}

Test(aes_driver, two_processes_have_their_own_keys)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];
    struct aes_ctr ctr = {.counter = vector};

    for (int i = 0; i < 2; i++) {
        allow(&board.processes[i], 300, 300);
        run(&board.processes[i], MODE, CTR, 1);
    }
    memset(host_memory(KEY(other)), 0x5c, AES_BLOCK);
    run(p, SET_UP, 0, 0);
    run(other, SET_UP, 0, 0);
    expect_upcall(p, TOCK_OK, 300, 0);
    expect_upcall(other, TOCK_OK, 300, 0);
    aes_ctr(&key, &ctr, of_expected(0, 300));
    cr_expect(destination_is(p, expected, 300));
    cr_expect(not(destination_is(other, expected, 300)));
}

Test(aes_driver, a_process_that_ends_takes_key_and_request_along)
{
    struct process *p = boot(2);
    struct process *other = &board.processes[1];
    struct aes_ctr ctr = {.counter = vector};

    aes_ctr(&key, &ctr, of_expected(0, 300));
    for (int i = 0; i < 2; i++) {
        allow(&board.processes[i], 300, 300);
        run(&board.processes[i], MODE, CTR, 1);
        run(&board.processes[i], SET_UP, 0, 0);
    }
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    expect_upcall(other, TOCK_OK, 300, 0);
    cr_expect(destination_is(other, expected, 300));
    cr_expect(eq(u8, p->upcalls.count, 0));
    cr_expect(eq(int, run(p, CRYPT, 0, 0), TOCK_OFF));
}

Test(aes_driver, a_full_queue_loses_the_upcall_and_nothing_else)
{
    struct process *p = boot(1);

    fill_queue(p);
    call(p, TOCK_CLASS_SUBSCRIBE, AES, 0, p->flash_start + 256, 0);
    allow(p, 300, 300);
    run(p, MODE, CTR, 1);
    run(p, SET_UP, 0, 0);
    settle();
    expect_ok(run(p, CRYPT, 0, 0));
}
