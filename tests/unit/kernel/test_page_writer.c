/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"
#include "nor.h"
#include "virtual/page_writer.h"

TestSuite(page_writer, .timeout = 120);

enum {
    PAGE = 256, /* eight records */
    DATA_PAGES = 3,
    DATA_SIZE = DATA_PAGES * PAGE,
    JOURNAL = DATA_SIZE,
    FLASH_SIZE = DATA_SIZE + 2 * PAGE,
};

struct user {
    struct page_writer_client client;
    struct page_writer_area area;
    uint8_t value; /* to patch every byte with */
    uint32_t patches;
    uint32_t dones;
    uint32_t order; /* of the latest callback among those of all users */
    enum tock_error status;
    uint32_t repeats; /* writes to begin from within the callback */
};

static struct nor nor;
static struct page_writer writer;
static struct user users[3];
static uint32_t callbacks;

static void patch(struct page_writer_client *client, uint32_t offset,
                  struct span bytes)
{
    struct user *self = (struct user *)client;

    (void)offset;
    memset(bytes.ptr, self->value, bytes.len);
    self->patches++;
}

static void written(struct page_writer_client *client, enum tock_error status)
{
    struct user *self = (struct user *)client;

    self->dones++;
    self->order = ++callbacks;
    self->status = status;
    if (self->repeats != 0) {
        self->repeats--;
        self->value++;
        cr_expect(eq(int, page_writer_write(&self->area, 0, 4), TOCK_OK));
    }
}

static const struct page_writer_client_ops user_ops = {patch, written};

/* Users 0 and 1 have all data, user 2 the part [100, 300). */
static void start_writer(void)
{
    nor_power_on(&nor);
    callbacks = 0;
    page_writer_init(&writer, &nor.flash, JOURNAL);
    for (uint32_t i = 0; i < 3; i++) {
        users[i] = (struct user){.client = {&user_ops}};
        page_writer_add(&writer, &users[i].area, &users[i].client,
                        i == 2 ? 100 : 0, i == 2 ? 200 : DATA_SIZE);
    }
}

static void boot(void)
{
    board_power_on();
    board_boot();
    nor_init(&nor, FLASH_SIZE, PAGE, 4);
    for (uint32_t i = 0; i < DATA_SIZE; i++)
        nor.contents[i] = (uint8_t)i;
    start_writer();
    settle();
    cr_assert(page_writer_is_ready(&writer));
}

static void write(struct user *user, uint32_t offset, uint32_t len,
                  uint8_t value)
{
    user->value = value;
    cr_assert(eq(int, page_writer_write(&user->area, offset, len), TOCK_OK));
}

Test(page_writer, bytes_are_replaced_and_no_others)
{
    boot();
    write(&users[0], 250, 6, 0xaa);
    cr_expect(eq(u32, users[0].patches, 0));
    settle();
    cr_expect(eq(u32, users[0].dones, 1));
    cr_expect(eq(int, users[0].status, TOCK_OK));
    for (uint32_t i = 0; i < DATA_SIZE; i++)
        cr_expect(
            eq(u8, nor.contents[i], i >= 250 && i < 256 ? 0xaa : (uint8_t)i));
    cr_expect(eq(u32, nor.bad_programs, 0));
}

Test(page_writer, a_piece_ends_with_the_page_and_with_the_area)
{
    boot();
    cr_expect(eq(u32, page_writer_piece(&users[0].area, 0), 256));
    cr_expect(eq(u32, page_writer_piece(&users[0].area, 255), 1));
    cr_expect(eq(u32, page_writer_piece(&users[0].area, DATA_SIZE), 0));
    cr_expect(eq(u32, page_writer_piece(&users[2].area, 0), 156));
    cr_expect(eq(u32, page_writer_piece(&users[2].area, 156), 44));
    cr_expect(eq(int, page_writer_write(&users[0].area, 255, 2), TOCK_INVAL));
    cr_expect(eq(int, page_writer_write(&users[2].area, 156, 45), TOCK_INVAL));
    cr_expect(eq(int, page_writer_write(&users[2].area, 200, 0), TOCK_INVAL));
    cr_expect(
        eq(int, page_writer_write(&users[2].area, UINT32_MAX, 1), TOCK_INVAL));
    write(&users[2], 156, 44, 0xaa);
    cr_expect(eq(int, page_writer_write(&users[2].area, 0, 1), TOCK_BUSY));
    settle();
    cr_expect(eq(u8, nor.contents[255], 255));
    cr_expect(eq(u8, nor.contents[256], 0xaa));
    cr_expect(eq(u8, nor.contents[299], 0xaa));
    cr_expect(eq(u8, nor.contents[300], 300 & 0xff));
}

Test(page_writer, what_is_there_already_is_not_written)
{
    boot();
    write(&users[0], 16, 1, 16);
    settle();
    write(&users[0], 16, 0, 0xaa);
    settle();
    cr_expect(eq(u32, users[0].dones, 2));
    cr_expect(eq(u32, nor.operations, 0));
}

Test(page_writer, users_take_turns_whatever_one_of_them_asks_for)
{
    boot();
    users[0].repeats = 10;
    write(&users[0], 0, 4, 1);
    write(&users[1], 256, 4, 2);
    write(&users[2], 0, 4, 3);
    for (int i = 0; i < 20; i++)
        settle();
    cr_expect(eq(u32, users[0].dones, 11));
    cr_expect(le(u32, users[1].order, 3));
    cr_expect(le(u32, users[2].order, 3));
    cr_expect(eq(u8, nor.contents[3], 11));
    cr_expect(eq(u8, nor.contents[256], 2));
    cr_expect(eq(u8, nor.contents[100], 3));
}

Test(page_writer, what_is_being_written_reads_as_it_will_be)
{
    uint8_t bytes[DATA_SIZE];
    struct span into = {bytes, sizeof(bytes)};

    boot();
    nor.is_slow = true;
    write(&users[0], 260, 4, 0xaa);
    for (int i = 0; i < 8; i++) {
        settle();
        memset(bytes, 0, sizeof(bytes));
        cr_assert(eq(int, page_writer_read(&users[1].area, 0, into), TOCK_OK));
        for (uint32_t at = 0; at < DATA_SIZE; at++)
            cr_assert(
                eq(u8, bytes[at], at >= 260 && at < 264 ? 0xaa : (uint8_t)at));
        cr_assert(eq(
            int, page_writer_read(&users[1].area, 262, (struct span){bytes, 3}),
            TOCK_OK));
        cr_assert(eq(int, memcmp(bytes, "\xaa\xaa\x08", 3), 0));
        nor_finish(&nor);
    }
    cr_expect(eq(u32, users[0].dones, 1));
    cr_expect(eq(int,
                 page_writer_read(&users[2].area, 199, (struct span){bytes, 2}),
                 TOCK_INVAL));
    cr_expect(eq(
        int,
        page_writer_read(&users[2].area, UINT32_MAX, (struct span){bytes, 2}),
        TOCK_INVAL));
}

/* A write takes the steps 2 to 6, the ninth one step 1 besides. */
Test(page_writer, a_flash_that_fails_is_reported_and_used_again)
{
    for (uint32_t step = 0; step < 6; step++) {
        boot();
        nor.fail_at = step;
        write(&users[0], 0, 4, 0xaa);
        settle();
        cr_expect(eq(u32, users[0].dones, 1));
        cr_expect(eq(int, users[0].status, TOCK_FAIL), "step %u", step);
        for (uint8_t i = 0; i < 12; i++) {
            write(&users[1], 256, 4, i);
            settle();
            cr_expect(eq(int, users[1].status, TOCK_OK));
            cr_expect(eq(u8, nor.contents[256], i));
        }
        if (step < 3)
            cr_expect(eq(u8, nor.contents[0], 0));
    }
}

/* Steps 4 and 5 have taken page 0 apart. */
Test(page_writer, what_a_flash_left_that_failed_is_completed_by_the_next_write)
{
    for (uint32_t step = 0; step < 6; step++) {
        boot();
        nor.fail_at = step;
        write(&users[0], 0, 4, 0xaa);
        settle();
        write(&users[1], 256, 4, 0xbb);
        settle();
        cr_expect(eq(int, users[1].status, TOCK_OK));
        for (uint32_t i = 4; i < DATA_SIZE; i++)
            cr_assert(eq(u8, nor.contents[i],
                         i >= 256 && i < 260 ? 0xbb : (uint8_t)i),
                      "step %u, byte %u", step, i);
        cr_expect(eq(u8, nor.contents[0], step < 3 ? 0 : 0xaa));
    }
}

/* --- power cuts ----------------------------------------------------------- */

enum { WRITES = 10 };

static const uint32_t cut_bytes[] = {0, 1, 13, 30, 255, NOR_NOISE};

/* Of write i, 50 bytes. */
static uint32_t place(uint32_t i)
{
    return i % DATA_PAGES * PAGE + i * 37 % 200;
}

/* The state after the first count of the writes. */
static void expected(uint8_t state[DATA_SIZE], uint32_t count)
{
    for (uint32_t i = 0; i < DATA_SIZE; i++)
        state[i] = (uint8_t)i;
    for (uint32_t i = 0; i < count; i++)
        memset(state + place(i), (int)(0x80 + i), 50);
}

/* Goes on until all is written, or it is dark; returns how many were. */
static uint32_t do_writes(uint32_t first)
{
    uint32_t i;

    for (i = first; i < WRITES && !nor.is_dark; i++) {
        write(&users[0], place(i), 50, (uint8_t)(0x80 + i));
        settle();
        if (nor.is_dark)
            break;
        cr_assert(eq(int, users[0].status, TOCK_OK));
    }
    return i;
}

static bool has_state(uint32_t count)
{
    uint8_t state[DATA_SIZE];

    expected(state, count);
    return memcmp(nor.contents, state, DATA_SIZE) == 0;
}

static void restart(void)
{
    start_writer();
    settle();
    cr_assert(page_writer_is_ready(&writer));
}

/* Returns false if the cut comes behind the last write. */
static bool cut_once(uint32_t at, uint32_t byte)
{
    uint32_t whole;

    boot();
    nor_cut_at(&nor, at, byte);
    whole = do_writes(0);
    if (!nor.is_dark)
        return false;
    restart();
    cr_assert(has_state(whole) || has_state(whole + 1), "cut at %u, byte %u",
              at, byte);
    do_writes(whole);
    cr_assert(has_state(WRITES), "cut at %u, byte %u: afterwards", at, byte);
    return true;
}

Test(page_writer, a_power_cut_anywhere_leaves_the_old_or_the_new_bytes)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < ARRAY_COUNT(cut_bytes); i++) {
        for (at = 0; cut_once(at, cut_bytes[i]); at++)
            ;
        cr_expect(ge(u32, at, WRITES * 6), "%u operations", at);
    }
}

Test(page_writer, a_power_cut_while_one_is_repaired_is_no_worse)
{
    for (uint32_t at = 0; at < 18; at++) {
        for (uint32_t again = 0; again < 3; again++) {
            uint32_t whole;

            boot();
            nor_cut_at(&nor, at, NOR_NOISE);
            whole = do_writes(0);
            start_writer();
            nor_cut_at(&nor, again, again == 1 ? 100 : NOR_NOISE);
            settle();
            restart();
            cr_assert(has_state(whole) || has_state(whole + 1),
                      "cut at %u, then %u", at, again);
            do_writes(whole);
            cr_assert(has_state(WRITES));
        }
    }
}

/* The flash did not erase the page, nor the next time, and the record stayed
 * open. */
Test(page_writer, an_open_record_counts_only_with_its_own_copy)
{
    boot();
    nor.fail_at = 3;
    write(&users[0], 0, 50, 0x80);
    settle();
    cr_assert(eq(int, users[0].status, TOCK_FAIL));
    nor.fail_at = nor.operations;
    nor_cut_at(&nor, nor.operations + 2, 100);
    write(&users[0], PAGE, 50, 0x81);
    settle();
    cr_assert(nor.is_dark);
    restart();
    cr_expect(has_state(0));
}

Test(page_writer, a_journal_full_of_anything_changes_nothing)
{
    for (uint32_t seed = 0; seed < 200; seed++) {
        boot();
        nor.noise = seed;
        for (uint32_t i = JOURNAL; i < FLASH_SIZE; i++)
            nor.contents[i] = seed == 0 ? 0 : nor_noise(&nor);
        restart();
        cr_expect(has_state(0));
        do_writes(0);
        cr_expect(has_state(WRITES));
    }
}

/* An open record, as a kernel could not have left it. */
static void forge(uint32_t target)
{
    boot();
    write(&users[0], 0, 50, 0x80);
    nor_cut_at(&nor, 3, 0);
    settle();
    cr_assert(nor.is_dark);
    memcpy(nor.contents + JOURNAL + 4, &target, 4);
    uint32_t sum = 0x811c9dc5;
    for (uint32_t i = 0; i < 12; i++)
        sum = (sum ^ nor.contents[JOURNAL + i]) * 0x01000193;
    memcpy(nor.contents + JOURNAL + 12, &sum, 4);
}

Test(page_writer, a_record_of_a_page_that_is_none_changes_nothing)
{
    static const uint32_t targets[] = {4, JOURNAL + PAGE, FLASH_SIZE,
                                       0xffffff00};

    forge(PAGE);
    restart();
    cr_expect(not(has_state(0)), "a forged record of a good page counts");
    for (uint32_t i = 0; i < ARRAY_COUNT(targets); i++) {
        forge(targets[i]);
        restart();
        cr_expect(has_state(0), "target %x", targets[i]);
    }
}
