/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "extra/app_flash.h"
#include "storage.h"

TestSuite(app_flash, .timeout = 120);

#define FLASH     TOCK_DRIVER_APP_FLASH
#define BUFFER(p) ((p)->ram.start + 100) /* 1800 bytes */

/*
 * Apps of 1 KiB, four pages of the test's flash each. They lie in the host's
 * flash, which the kernel reads; what is written there is carried over from
 * the test's flash.
 */
enum { APP_SIZE = 1024, APPS = 2 };

static struct app_flash app_flash;

static struct process *boot(void)
{
    board_power_on();
    for (int i = 0; i < APPS; i++)
        board_install(&(struct board_app){
            .name = "app", .size = APP_SIZE, .protect = 64});
    store_start();
    for (uint32_t i = 0; i < STORE_SIZE; i++)
        nor.contents[i] = *host_memory(HOST_FLASH_START + i);
    app_flash_init(&app_flash, &writer, 0, STORE_SIZE, HOST_FLASH_START);
    board.drivers[3] = (struct kernel_driver){FLASH, &app_flash.driver};
    board_boot();
    for (int i = 0; i < APPS; i++)
        raise_break(&board.processes[i], 2000);
    return &board.processes[1];
}

static void allow(struct process *p, uint32_t len, uint8_t value)
{
    memset(host_memory(BUFFER(p)), value, len);
    call(p, TOCK_CLASS_ALLOW_RO, FLASH, 0, BUFFER(p), len);
}

static void expect_written(struct process *p, enum tock_error status)
{
    expect_event(p, FLASH, 0, status, 0);
}

static void write(struct process *p, uint32_t address, uint32_t len,
                  uint8_t value)
{
    allow(p, len, value);
    EXPECT_REGS(command(p, FLASH, 1, address, 8), TOCK_SUCCESS, 1, address, 8);
    expect_written(p, TOCK_OK);
}

static uint32_t start_of(const struct process *p)
{
    return p->flash_start + p->protected_size;
}

static uint32_t end_of(const struct process *p)
{
    return p->flash_start + p->flash_size;
}

/* Does flash hold this value exactly at [address, address + len)? */
static bool is_exactly(uint32_t address, uint32_t len, uint8_t value)
{
    for (uint32_t i = 0; i < STORE_SIZE; i++) {
        uint32_t at = HOST_FLASH_START + i;
        uint8_t wanted =
            at >= address && at - address < len ? value : *host_memory(at);

        if (nor.contents[i] != wanted)
            return false;
    }
    return true;
}

/* The system call table of app_flash.h, row by row. */
Test(app_flash, command_0_says_that_it_is_there)
{
    struct process *p = boot();

    EXPECT_REGS(command(p, FLASH, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    EXPECT_REGS(command(p, FLASH, 2, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_RW, FLASH, 0, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, FLASH, 1, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
}

Test(app_flash, an_app_writes_its_own_flash_and_nothing_else)
{
    struct process *p = boot();

    write(p, start_of(p), 1, 0x11);
    cr_expect(is_exactly(start_of(p), 1, 0x11));
    p = boot();
    write(p, end_of(p) - 3, 3, 0x22);
    cr_expect(is_exactly(end_of(p) - 3, 3, 0x22));
    p = boot();
    write(p, start_of(p), end_of(p) - start_of(p), 0x33);
    cr_expect(is_exactly(start_of(p), end_of(p) - start_of(p), 0x33));
    cr_expect(eq(u32, nor.bad_programs, 0));
}

Test(app_flash, what_is_not_the_apps_is_refused)
{
    struct process *p = boot();
    struct process *other = &board.processes[0];
    const uint32_t bad[] = {
        start_of(p) - 1, p->flash_start, start_of(other), end_of(p) - 3,
        end_of(p),       UINT32_MAX,     UINT32_MAX - 3,  0,
        HOST_RAM_START,  BUFFER(p)};

    allow(p, 4, 0x11);
    for (uint32_t i = 0; i < ARRAY_COUNT(bad); i++)
        EXPECT_REGS(command(p, FLASH, 1, bad[i], 8), TOCK_FAILURE, TOCK_INVAL,
                    bad[i], 8);
    settle_all();
    cr_expect(eq(u32, nor.operations, 0));
}

Test(app_flash, without_a_buffer_it_answers_reserve)
{
    struct process *p = boot();
    uint32_t at = start_of(p);

    EXPECT_REGS(command(p, FLASH, 1, at, 8), TOCK_FAILURE, TOCK_RESERVE, at, 8);
    EXPECT_REGS(command(p, FLASH, 1, at - 1, 8), TOCK_FAILURE, TOCK_INVAL,
                at - 1, 8);
    settle_all();
    cr_expect(eq(u32, p->upcalls.count, 0));
}

Test(app_flash, a_second_request_has_to_wait_for_the_upcall)
{
    struct process *p = boot();
    uint32_t at = start_of(p);

    nor.is_slow = true;
    allow(p, 4, 0x11);
    command(p, FLASH, 1, at, 8);
    EXPECT_REGS(command(p, FLASH, 1, at, 8), TOCK_FAILURE, TOCK_NOMEM, at, 8);
    nor.is_slow = false;
    nor_finish(&nor);
    expect_written(p, TOCK_OK);
    write(p, at, 4, 0x22);
}

Test(app_flash, without_memory_for_the_grant_no_buffer_can_be_lent)
{
    struct process *p = boot();

    exhaust_grants(p);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_RO, FLASH, 0, BUFFER(p), 4),
                TOCK_FAILURE_U32_U32, TOCK_NOMEM, BUFFER(p), 4);
}

/* --- what goes wrong on the way ------------------------------------------- */

Test(app_flash, a_buffer_that_shrinks_meanwhile_has_status_size)
{
    struct process *p = boot();

    nor.is_slow = true;
    allow(p, 600, 0x11);
    command(p, FLASH, 1, end_of(p) - 600, 8);
    settle_all();
    allow(p, 100, 0x11);
    nor.is_slow = false;
    nor_finish(&nor);
    expect_written(p, TOCK_SIZE);
    cr_expect(eq(u8, nor.contents[2 * APP_SIZE - 1], 0xff));
}

Test(app_flash, a_flash_that_fails_is_reported)
{
    struct process *p = boot();

    nor.fail_at = 1;
    allow(p, 4, 0x11);
    command(p, FLASH, 1, start_of(p), 8);
    expect_written(p, TOCK_FAIL);
}

Test(app_flash, two_apps_write_at_once)
{
    struct process *p = boot();
    struct process *other = &board.processes[0];

    nor.is_slow = true;
    allow(p, 600, 0x11);
    allow(other, 600, 0x22);
    command(p, FLASH, 1, end_of(p) - 600, 8);
    command(other, FLASH, 1, end_of(other) - 600, 8);
    nor.is_slow = false;
    nor_finish(&nor);
    expect_written(p, TOCK_OK);
    expect_written(other, TOCK_OK);
    cr_expect(eq(u8, nor.contents[2 * APP_SIZE - 600], 0x11));
    cr_expect(eq(u8, nor.contents[APP_SIZE - 600], 0x22));
}

Test(app_flash, an_app_that_ends_takes_its_request_along)
{
    struct process *p = boot();
    struct process *other = &board.processes[0];

    nor.is_slow = true;
    allow(p, 600, 0x11);
    command(p, FLASH, 1, end_of(p) - 600, 8);
    settle_all();
    call(p, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    nor.is_slow = false;
    nor_finish(&nor);
    settle_all();
    cr_expect(eq(u32, p->upcalls.count, 0));
    cr_expect(eq(u8, nor.contents[2 * APP_SIZE - 1], 0xff));
    write(other, start_of(other), 4, 0x22);
}

Test(app_flash, a_full_queue_loses_the_upcall_and_nothing_else)
{
    struct process *p = boot();

    fill_queue(p);
    call(p, TOCK_CLASS_SUBSCRIBE, FLASH, 0, p->flash_start + 256, 0);
    allow(p, 4, 0x11);
    command(p, FLASH, 1, start_of(p), 8);
    settle_all();
    cr_expect(is_exactly(start_of(p), 4, 0x11));
    EXPECT_REGS(command(p, FLASH, 1, start_of(p), 8), TOCK_SUCCESS, 1,
                start_of(p), 8);
}

/* --- power cuts ----------------------------------------------------------- */

/* The page has the app's code and, here, the end of its neighbour's. */
Test(app_flash, a_power_cut_anywhere_leaves_the_code_around_as_it_was)
{
    uint32_t at = 0;

    for (bool is_dark = true; is_dark; at++) {
        struct process *p;
        uint32_t address;

        nor_init(&nor, STORE_FLASH, STORE_PAGE, 4);
        p = boot();
        address = start_of(p) + 5;
        nor_cut_at(&nor, at, at % 2 == 0 ? 100 : NOR_NOISE);
        allow(p, 20, 0x11);
        command(p, FLASH, 1, address, 8);
        settle_all();
        is_dark = nor.is_dark;
        store_start();
        cr_assert(is_exactly(address, 0, 0) || is_exactly(address, 20, 0x11),
                  "cut at %u", at);
    }
    cr_expect(ge(u32, at, 6));
}
