/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "extra/isolated_storage.h"
#include "storage.h"

TestSuite(isolated_storage, .timeout = 120);

#define INVS      TOCK_DRIVER_ISOLATED_NVS
#define BUFFER(p) ((p)->ram.start + 100) /* 1800 bytes */

/*
 * Three regions fit. The area begins where a region's header, then the next
 * one's, crosses a page boundary.
 */
enum {
    REGION = 400,
    HEADER = ISOLATED_STORAGE_HEADER,
    START = 256 - 4,
    SIZE = 3 * (HEADER + REGION) + 100,
};

static const uint32_t own[] = {7};
static const uint32_t others[] = {9};

static struct isolated_storage storage;

static void boot_apps(const struct board_app *apps, int count)
{
    board_power_on();
    board.config.short_ids = KERNEL_IDS_HEADER;
    board.config.storage_rights = KERNEL_STORAGE_HEADER;
    store_start();
    isolated_storage_init(&storage, &writer, START, SIZE, REGION);
    board.drivers[3] = (struct kernel_driver){INVS, &storage.driver};
    for (int i = 0; i < count; i++)
        board_install(&apps[i]);
    board_boot();
    for (int i = 0; i < count; i++)
        raise_break(&board.processes[i], 2000);
}

/* Apps of the short ids 7, 8, 9 and 10. */
static struct process *boot(int count)
{
    static const struct board_app apps[] = {
        {.name = "a", .short_id = 7},
        {.name = "b", .short_id = 8},
        {.name = "c", .short_id = 9},
        {.name = "d", .short_id = 10},
    };

    boot_apps(apps, count);
    return &board.processes[0];
}

static void allow_read(struct process *p, uint32_t len)
{
    call(p, TOCK_CLASS_ALLOW_RW, INVS, 0, BUFFER(p), len);
}

static void allow_write(struct process *p, uint32_t len, uint8_t value)
{
    memset(host_memory(BUFFER(p)), value, len);
    call(p, TOCK_CLASS_ALLOW_RO, INVS, 0, BUFFER(p), len);
}

static void request(struct process *p, uint32_t number, uint32_t low)
{
    EXPECT_REGS(command(p, INVS, number, low, 0), TOCK_SUCCESS, number, low, 0);
}

static void write(struct process *p, uint32_t offset, uint32_t len,
                  uint8_t value)
{
    allow_write(p, len, value);
    request(p, 3, offset);
    expect_event(p, INVS, 2, TOCK_OK, len);
}

static bool reads(struct process *p, uint32_t offset, uint32_t len,
                  uint8_t value)
{
    memset(host_memory(BUFFER(p)), 0, 1800);
    allow_read(p, len);
    request(p, 2, offset);
    expect_event(p, INVS, 1, TOCK_OK, len);
    return is_all(BUFFER(p), 0, len, value) && is_all(BUFFER(p), len, 1800, 0);
}

static void refuse(struct process *p, uint32_t number, enum tock_error error)
{
    EXPECT_REGS(command(p, INVS, number, 0, 0), TOCK_FAILURE, error, 0, 0);
}

/* The system call table of isolated_storage.h, row by row. */
Test(isolated_storage, command_0_says_that_it_is_there)
{
    struct process *p = boot(1);

    EXPECT_REGS(command(p, INVS, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    EXPECT_REGS(command(p, INVS, 4, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, INVS, 3, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
}

Test(isolated_storage, command_1_tells_the_size_and_makes_the_region)
{
    struct process *p = boot(1);

    request(p, 1, 0);
    expect_event(p, INVS, 0, TOCK_OK, REGION);
    cr_expect(eq(int,
                 memcmp(nor.contents + START,
                        "\x90\x01\x00\x01\x07\0\0\0\x97\x01\x00\x01", HEADER),
                 0));
    request(p, 1, 0);
    expect_event(p, INVS, 0, TOCK_OK, REGION);
}

Test(isolated_storage, what_was_written_is_read)
{
    struct process *p = boot(1);

    cr_expect(reads(p, 0, REGION, 0xff));
    write(p, 0, REGION, 0x11);
    write(p, REGION - 1, 1, 0x22);
    cr_expect(reads(p, 0, REGION - 1, 0x11));
    cr_expect(reads(p, REGION - 1, 1, 0x22));
    cr_expect(eq(u8, nor.contents[START + HEADER + REGION], 0xff));
}

Test(isolated_storage, apps_have_regions_of_their_own)
{
    struct process *p = boot(3);
    struct process *b = &board.processes[1];
    struct process *c = &board.processes[2];

    write(p, 0, REGION, 0x11);
    write(b, 0, REGION, 0x22);
    write(c, 0, REGION, 0x33);
    cr_expect(reads(p, 0, REGION, 0x11));
    cr_expect(reads(b, 0, REGION, 0x22));
    cr_expect(reads(c, 0, REGION, 0x33));
    p = boot(3);
    cr_expect(reads(p, 0, REGION, 0x11));
    cr_expect(reads(&board.processes[1], 0, REGION, 0x22));
    cr_expect(reads(&board.processes[2], 0, REGION, 0x33));
}

Test(isolated_storage, when_there_is_no_room_the_status_is_nomem)
{
    struct process *d;

    boot(4);
    d = &board.processes[3];
    for (int i = 0; i < 3; i++) {
        request(&board.processes[i], 1, 0);
        expect_event(&board.processes[i], INVS, 0, TOCK_OK, REGION);
    }
    request(d, 1, 0);
    expect_event(d, INVS, 0, TOCK_NOMEM, 0);
    allow_read(d, 4);
    request(d, 2, 0);
    expect_event(d, INVS, 1, TOCK_NOMEM, 0);
    allow_write(d, 4, 0);
    request(d, 3, 0);
    expect_event(d, INVS, 2, TOCK_NOMEM, 0);
}

Test(isolated_storage, without_a_write_id_or_the_right_it_is_not_supported)
{
    static const struct board_app apps[] = {
        {.name = "none"},
        {.name = "reads",
         .short_id = 7,
         .has_storage = true,
         .write_id = 1,
         .read_ids = own,
         .read_count = 1,
         .modify_ids = others,
         .modify_count = 1},
        {.name = "changes",
         .short_id = 9,
         .has_storage = true,
         .write_id = 1,
         .read_ids = own,
         .read_count = 1,
         .modify_ids = others,
         .modify_count = 1},
        {.name = "nothing",
         .short_id = 8,
         .has_storage = true,
         .read_ids = own,
         .read_count = 1},
    };

    boot_apps(apps, 4);
    for (uint32_t i = 1; i <= 3; i++) {
        refuse(&board.processes[0], i, TOCK_NOSUPPORT);
        refuse(&board.processes[3], i, TOCK_NOSUPPORT);
    }
    refuse(&board.processes[2], 2, TOCK_NOSUPPORT);
    write(&board.processes[2], 0, 4, 0x11);
    refuse(&board.processes[1], 3, TOCK_NOSUPPORT);
    cr_expect(reads(&board.processes[1], 0, 4, 0xff));
    request(&board.processes[1], 1, 0);
    expect_event(&board.processes[1], INVS, 0, TOCK_OK, REGION);
}

Test(isolated_storage, what_lies_outside_the_region_has_status_inval)
{
    static const uint32_t bad[][2] = {{REGION - 3, 0}, {REGION, 0},
                                      {UINT32_MAX, 0}, {UINT32_MAX - 3, 0},
                                      {0, 1},          {0, UINT32_MAX}};
    struct process *p = boot(1);

    allow_read(p, 4);
    allow_write(p, 4, 0x11);
    for (uint32_t i = 0; i < ARRAY_COUNT(bad); i++) {
        EXPECT_REGS(command(p, INVS, 2, bad[i][0], bad[i][1]), TOCK_SUCCESS, 2,
                    bad[i][0], bad[i][1]);
        expect_event(p, INVS, 1, TOCK_INVAL, 0);
        command(p, INVS, 3, bad[i][0], bad[i][1]);
        expect_event(p, INVS, 2, TOCK_INVAL, 0);
    }
    allow_read(p, REGION + 1);
    request(p, 2, 0);
    expect_event(p, INVS, 1, TOCK_INVAL, 0);
}

Test(isolated_storage, without_a_buffer_the_status_is_reserve)
{
    struct process *p = boot(1);

    request(p, 2, 0);
    expect_event(p, INVS, 1, TOCK_RESERVE, 0);
    request(p, 3, 0);
    expect_event(p, INVS, 2, TOCK_RESERVE, 0);
    cr_expect(eq(u32, p->upcalls.count, 0));
}

Test(isolated_storage, a_second_request_is_busy_until_the_upcall)
{
    struct process *p = boot(1);

    nor.is_slow = true;
    request(p, 1, 0);
    for (uint32_t i = 1; i <= 3; i++)
        refuse(p, i, TOCK_BUSY);
    nor.is_slow = false;
    nor_finish(&nor);
    expect_event(p, INVS, 0, TOCK_OK, REGION);
    nor.is_slow = true;
    allow_write(p, 4, 0x11);
    request(p, 3, 0);
    settle();
    for (uint32_t i = 1; i <= 3; i++)
        refuse(p, i, TOCK_BUSY);
    nor.is_slow = false;
    nor_finish(&nor);
    expect_event(p, INVS, 2, TOCK_OK, 4);
}

Test(isolated_storage, without_memory_for_the_grant_it_answers_nomem)
{
    struct process *p = boot(1);

    exhaust_grants(p);
    for (uint32_t i = 1; i <= 3; i++)
        refuse(p, i, TOCK_NOMEM);
}

/* --- what goes wrong on the way ------------------------------------------- */

Test(isolated_storage, those_who_ask_at_once_get_a_region_each)
{
    struct process *p = boot(4);

    nor.is_slow = true;
    for (int i = 0; i < 4; i++)
        request(&board.processes[i], 1, 0);
    nor.is_slow = false;
    nor_finish(&nor);
    for (int i = 0; i < 3; i++)
        expect_event(&board.processes[i], INVS, 0, TOCK_OK, REGION);
    expect_event(&board.processes[3], INVS, 0, TOCK_NOMEM, 0);
    write(p, 0, REGION, 0x11);
    cr_expect(reads(&board.processes[1], 0, REGION, 0xff));
    cr_expect(reads(&board.processes[2], 0, REGION, 0xff));
}

Test(isolated_storage, an_app_that_ends_while_its_region_is_made_has_it_later)
{
    struct process *p = boot(2);
    struct process *b = &board.processes[1];

    nor.is_slow = true;
    request(p, 1, 0);
    request(b, 1, 0);
    settle();
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    nor.is_slow = false;
    nor_finish(&nor);
    expect_event(b, INVS, 0, TOCK_OK, REGION);
    cr_expect(eq(u32, p->upcalls.count, 0));
    raise_break(p, 2000);
    request(p, 1, 0);
    expect_event(p, INVS, 0, TOCK_OK, REGION);
    cr_expect(eq(u8, nor.contents[START + 4], 7));
    cr_expect(eq(u8, nor.contents[START + HEADER + REGION + 4], 8));
}

Test(isolated_storage, a_flash_that_fails_is_reported)
{
    struct process *p = boot(2);

    nor.fail_at = 4;
    request(p, 1, 0);
    expect_event(p, INVS, 0, TOCK_FAIL, 0);
    request(p, 1, 0);
    expect_event(p, INVS, 0, TOCK_OK, REGION);
    nor.fail_at = nor.operations + 1;
    allow_write(p, REGION, 0x11);
    request(p, 3, 0);
    expect_event(p, INVS, 2, TOCK_FAIL, 0);
}

Test(isolated_storage, a_buffer_that_shrinks_meanwhile_ends_the_request)
{
    struct process *p = boot(1);

    request(p, 1, 0);
    expect_event(p, INVS, 0, TOCK_OK, REGION);
    nor.is_slow = true;
    allow_write(p, REGION, 0x11);
    request(p, 3, 0);
    settle_all();
    allow_write(p, 260, 0x22);
    nor.is_slow = false;
    nor_finish(&nor);
    expect_event(p, INVS, 2, TOCK_OK, 260);
    cr_expect(reads(p, 261, 4, 0xff));
}

Test(isolated_storage, a_full_queue_loses_the_upcall_and_nothing_else)
{
    struct process *p = boot(1);

    fill_queue(p);
    call(p, TOCK_CLASS_SUBSCRIBE, INVS, 0, p->flash_start + 256, 0);
    request(p, 1, 0);
    settle_all();
    request(p, 1, 0);
}

/* Words of a region's header. */
static void put_header(uint32_t at, uint32_t length, uint32_t id)
{
    uint32_t header[3] = {length, id, length ^ id};

    memcpy(nor.contents + START + at, header, HEADER);
}

Test(isolated_storage, regions_of_any_size_are_found_as_others_have_made_them)
{
    struct process *p;

    nor_init(&nor, STORE_FLASH, STORE_PAGE, 4);
    put_header(0, 1u << 24 | 100, 1234);
    put_header(112, 1u << 24, 77);
    put_header(124, 1u << 24 | 50, 7);
    p = boot(1);
    request(p, 1, 0);
    expect_event(p, INVS, 0, TOCK_OK, 50);
    write(p, 0, 50, 0x11);
    cr_expect(eq(u8, nor.contents[START + 136], 0x11));
    cr_expect(eq(u8, nor.contents[START + 185], 0x11));
    cr_expect(eq(u8, nor.contents[START + 186], 0xff));
}

Test(isolated_storage, what_is_no_header_ends_the_list)
{
    static const uint32_t bad[] = {REGION, 2u << 24 | REGION,
                                   1u << 24 | 0xffffff,
                                   1u << 24 | (SIZE - HEADER + 1)};

    for (uint32_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct process *p;

        nor_init(&nor, STORE_FLASH, STORE_PAGE, 4);
        memset(nor.contents, 0, START + SIZE);
        put_header(0, bad[i], 7);
        p = boot(1);
        request(p, 1, 0);
        expect_event(p, INVS, 0, TOCK_OK, REGION);
        cr_expect(reads(p, 0, REGION, 0xff), "no stale bytes of others");
        cr_expect(eq(u8, nor.contents[START - 1], 0));
        cr_expect(eq(u8, nor.contents[START + HEADER + REGION], 0));
    }
}

/* --- power cuts ----------------------------------------------------------- */

Test(isolated_storage, a_power_cut_while_a_region_is_made_harms_no_other)
{
    static const uint32_t bytes[] = {0, 2, 100, NOR_NOISE};
    uint32_t at = 0;

    for (bool is_dark = true; is_dark; at++) {
        struct process *p;

        nor_init(&nor, STORE_FLASH, STORE_PAGE, 4);
        memset(nor.contents, 0x55, START + SIZE);
        p = boot(1);
        write(p, 0, REGION, 0x11);
        boot(2);
        nor_cut_at(&nor, at, bytes[at % 4]);
        allow_write(&board.processes[1], REGION, 0x22);
        command(&board.processes[1], INVS, 3, 0, 0);
        settle_all();
        is_dark = nor.is_dark;
        p = boot(3);
        cr_assert(reads(p, 0, REGION, 0x11), "cut at %u", at);
        cr_assert(reads(&board.processes[2], 0, REGION, 0xff), "cut at %u", at);
        write(&board.processes[1], 0, REGION, 0x33);
        cr_assert(reads(&board.processes[1], 0, REGION, 0x33));
        cr_assert(reads(p, 0, REGION, 0x11));
        cr_assert(reads(&board.processes[2], 0, REGION, 0xff));
    }
    cr_expect(ge(u32, at, 24));
}
