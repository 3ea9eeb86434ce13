/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "drivers.h"
#include "extra/kv.h"
#include "nor.h"

#include "lib/tickv/format.h"

TestSuite(kv, .timeout = 60);

#define KV TOCK_DRIVER_KV

enum { GET = 1, SET = 2, DELETE = 3, ADD = 4, UPDATE = 5, COLLECT = 6 };
enum { PAGE = 1024, SIZE = 4 * PAGE };

#define KEY(p)    ((p)->ram.start + 100) /* 200 bytes */
#define VALUE(p)  ((p)->ram.start + 300) /* 600 bytes */
#define OUTPUT(p) ((p)->ram.start + 900) /* 600 bytes */

static struct kv kv;
static struct nor nor;

/* --- boards --------------------------------------------------------------- */

static void boot_on(const struct board_app *apps, uint32_t count)
{
    board_power_on();
    nor_power_on(&nor);
    board.config.short_ids = KERNEL_IDS_HEADER;
    board.config.storage_rights = KERNEL_STORAGE_HEADER;
    kv_init(&kv, &nor.flash);
    board.drivers[3] = (struct kernel_driver){KV, &kv.driver};
    for (uint32_t i = 0; i < count; i++)
        board_install(&apps[i]);
    board_boot();
    for (uint32_t i = 0; i < count; i++)
        raise_break(&board.processes[i], 1600);
}

static struct process *boot(void)
{
    nor_init(&nor, SIZE, PAGE, 4);
    boot_on(&(struct board_app){.name = "one", .short_id = 7}, 1);
    return &board.processes[0];
}

static const uint32_t ids[] = {7, 8};

/* The second may also read what the first has, the third only modify that. */
static struct process *boot_three(void)
{
    const struct board_app apps[] = {
        {.name = "one", .short_id = 7},
        {.name = "reader",
         .short_id = 8,
         .has_storage = true,
         .write_id = 8,
         .read_ids = ids,
         .read_count = 2},
        {.name = "changer",
         .short_id = 9,
         .has_storage = true,
         .write_id = 9,
         .modify_ids = ids,
         .modify_count = 1},
    };

    nor_init(&nor, SIZE, PAGE, 4);
    boot_on(apps, 3);
    return &board.processes[0];
}

/* --- requests ------------------------------------------------------------- */

static void allow_key(struct process *p, const char *key)
{
    uint32_t len = (uint32_t)strlen(key);

    memcpy(host_memory(KEY(p)), key, len);
    call(p, TOCK_CLASS_ALLOW_RO, KV, 0, KEY(p), len);
}

static void allow_value(struct process *p, const char *value)
{
    uint32_t len = (uint32_t)strlen(value);

    memcpy(host_memory(VALUE(p)), value, len);
    call(p, TOCK_CLASS_ALLOW_RO, KV, 1, VALUE(p), len);
}

static void start(struct process *p, uint32_t number)
{
    EXPECT_REGS(command(p, KV, number, 1, 2), TOCK_SUCCESS, number, 1, 2);
}

/* Until the upcall that p waits for is there. */
static void wait_for(struct process *p)
{
    yield_wait_for(p, KV, 0);
    for (int i = 0; i < 20000 && p->state != PROCESS_RUNNING; i++)
        kernel_loop_once();
    cr_assert(eq(u8, p->state, PROCESS_RUNNING), "no upcall");
}

static void expect_event(struct process *p, uint32_t status, uint32_t len)
{
    wait_for(p);
    cr_expect(eq(u32, p->context.regs[0], status));
    cr_expect(eq(u32, p->context.regs[1], len));
    cr_expect(zero(u32, p->context.regs[2]));
}

static void expect_change(struct process *p, uint32_t number, const char *key,
                          const char *value, uint32_t status)
{
    allow_key(p, key);
    allow_value(p, value);
    start(p, number);
    expect_event(p, status, 0);
}

static void set(struct process *p, const char *key, const char *value)
{
    expect_change(p, SET, key, value, TOCK_OK);
}

static void start_get(struct process *p, const char *key)
{
    allow_key(p, key);
    call(p, TOCK_CLASS_ALLOW_RW, KV, 0, OUTPUT(p), 600);
    start(p, GET);
}

static void expect_value(struct process *p, const char *key, const char *value)
{
    uint32_t len = (uint32_t)strlen(value);

    start_get(p, key);
    expect_event(p, TOCK_OK, len);
    cr_expect(zero(int, memcmp(host_memory(OUTPUT(p)), value, len)));
}

static void expect_none(struct process *p, const char *key)
{
    start_get(p, key);
    expect_event(p, TOCK_NOSUPPORT, 0);
}

/* --- the system call table of kv.h, row by row ---------------------------- */

Test(kv, command_0_says_that_it_is_there)
{
    struct process *p = boot();

    EXPECT_REGS(command(p, KV, 0, 7, 8), TOCK_SUCCESS, 0, 7, 8);
    EXPECT_REGS(command(p, KV, 7, 7, 8), TOCK_FAILURE, TOCK_NOSUPPORT, 7, 8);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_RO, KV, 2, 0, 0), TOCK_FAILURE_U32_U32,
                TOCK_NOSUPPORT, 0, 0);
    EXPECT_REGS(call(p, TOCK_CLASS_ALLOW_RW, KV, 1, 0, 0), TOCK_FAILURE_U32_U32,
                TOCK_NOSUPPORT, 0, 0);
    EXPECT_REGS(call(p, TOCK_CLASS_SUBSCRIBE, KV, 1, 0, 0),
                TOCK_FAILURE_U32_U32, TOCK_NOSUPPORT, 0, 0);
}

Test(kv, a_value_is_set_changed_and_deleted)
{
    struct process *p = boot();

    expect_none(p, "key");
    set(p, "key", "value");
    expect_value(p, "key", "value");
    set(p, "key", "another one");
    expect_value(p, "key", "another one");
    set(p, "key", "");
    expect_value(p, "key", "");
    allow_key(p, "key");
    start(p, DELETE);
    expect_event(p, TOCK_OK, 0);
    expect_none(p, "key");
    start(p, DELETE);
    expect_event(p, TOCK_NOSUPPORT, 0);
}

Test(kv, add_wants_that_there_is_none_and_update_that_there_is_one)
{
    struct process *p = boot();

    expect_change(p, UPDATE, "key", "a", TOCK_NOSUPPORT);
    expect_none(p, "key");
    expect_change(p, ADD, "key", "b", TOCK_OK);
    expect_change(p, ADD, "key", "c", TOCK_NOSUPPORT);
    expect_value(p, "key", "b");
    expect_change(p, UPDATE, "key", "d", TOCK_OK);
    expect_value(p, "key", "d");
}

Test(kv, a_short_buffer_gets_the_beginning_and_is_told_the_length)
{
    struct process *p = boot();

    set(p, "key", "0123456789");
    *host_memory(OUTPUT(p) + 4) = '!';
    call(p, TOCK_CLASS_ALLOW_RW, KV, 0, OUTPUT(p), 4);
    start(p, GET);
    expect_event(p, TOCK_SIZE, 10);
    cr_expect(zero(int, memcmp(host_memory(OUTPUT(p)), "0123!", 5)));
    call(p, TOCK_CLASS_ALLOW_RW, KV, 0, 0, 0);
    start(p, GET);
    expect_event(p, TOCK_SIZE, 10);
}

Test(kv, limits_of_key_and_value)
{
    struct process *p = boot();

    EXPECT_REGS(command(p, KV, GET, 1, 2), TOCK_FAILURE, TOCK_RESERVE, 1, 2);
    call(p, TOCK_CLASS_ALLOW_RO, KV, 0, KEY(p), 65);
    for (uint32_t number = GET; number <= UPDATE; number++)
        EXPECT_REGS(command(p, KV, number, 1, 2), TOCK_FAILURE, TOCK_SIZE, 1,
                    2);
    call(p, TOCK_CLASS_ALLOW_RO, KV, 0, KEY(p), 64);
    call(p, TOCK_CLASS_ALLOW_RO, KV, 1, VALUE(p), 504);
    EXPECT_REGS(command(p, KV, SET, 1, 2), TOCK_FAILURE, TOCK_SIZE, 1, 2);
    EXPECT_REGS(command(p, KV, ADD, 1, 2), TOCK_FAILURE, TOCK_SIZE, 1, 2);
    EXPECT_REGS(command(p, KV, UPDATE, 1, 2), TOCK_FAILURE, TOCK_SIZE, 1, 2);
    call(p, TOCK_CLASS_ALLOW_RO, KV, 1, VALUE(p), 503);
    memset(host_memory(VALUE(p)), 'v', 503);
    start(p, SET);
    expect_event(p, TOCK_OK, 0);
    call(p, TOCK_CLASS_ALLOW_RW, KV, 0, OUTPUT(p), 600);
    start(p, GET);
    expect_event(p, TOCK_OK, 503);
    cr_expect(is_all(OUTPUT(p), 0, 503, 'v'));
}

Test(kv, an_app_without_a_write_id_stores_nothing)
{
    struct process *p;

    nor_init(&nor, SIZE, PAGE, 4);
    boot_on(&(struct board_app){.name = "one"}, 1);
    p = &board.processes[0];
    allow_key(p, "key");
    allow_value(p, "value");
    EXPECT_REGS(command(p, KV, SET, 1, 2), TOCK_FAILURE, TOCK_INVAL, 1, 2);
    EXPECT_REGS(command(p, KV, ADD, 1, 2), TOCK_FAILURE, TOCK_INVAL, 1, 2);
    EXPECT_REGS(command(p, KV, UPDATE, 1, 2), TOCK_FAILURE, TOCK_INVAL, 1, 2);
    EXPECT_REGS(command(p, KV, COLLECT, 1, 2), TOCK_FAILURE, TOCK_INVAL, 1, 2);
    start(p, GET);
    expect_event(p, TOCK_NOSUPPORT, 0);
}

Test(kv, others_read_and_change_only_with_the_right_to)
{
    struct process *one = boot_three();
    struct process *reader = &board.processes[1];
    struct process *changer = &board.processes[2];

    set(one, "key", "mine");
    expect_value(reader, "key", "mine");
    expect_change(reader, SET, "key", "x", TOCK_NOSUPPORT);
    expect_change(reader, UPDATE, "key", "x", TOCK_NOSUPPORT);
    expect_change(reader, ADD, "key", "x", TOCK_NOSUPPORT);
    start(reader, DELETE);
    expect_event(reader, TOCK_NOSUPPORT, 0);
    expect_none(changer, "key");
    expect_change(changer, SET, "key", "his", TOCK_OK);
    expect_none(one, "key"); /* it is the changer's now */
    expect_change(one, SET, "key", "x", TOCK_NOSUPPORT);
    set(one, "other", "mine");
    allow_key(changer, "other");
    start(changer, DELETE);
    expect_event(changer, TOCK_OK, 0);
    expect_none(one, "other");
}

Test(kv, collecting_erases_pages_of_deleted_values)
{
    struct process *p = boot();

    for (char key[] = "a"; key[0] <= 'd'; key[0]++) {
        set(p, key, "value");
        start(p, DELETE);
        expect_event(p, TOCK_OK, 0);
    }
    nor.erasures = 0;
    start(p, COLLECT);
    expect_event(p, TOCK_OK, 0);
    cr_expect(gt(u32, nor.erasures, 0));
    cr_expect(zero(u32, nor.bad_programs));
}

Test(kv, one_request_of_a_process_is_open)
{
    struct process *p = boot();

    allow_key(p, "key");
    start(p, GET);
    EXPECT_REGS(command(p, KV, GET, 1, 2), TOCK_FAILURE, TOCK_NOMEM, 1, 2);
    expect_event(p, TOCK_NOSUPPORT, 0);
    start(p, GET);
    expect_event(p, TOCK_NOSUPPORT, 0);
}

Test(kv, without_memory_for_the_grant_it_answers_nomem)
{
    struct process *p = boot();

    exhaust_grants(p);
    EXPECT_REGS(command(p, KV, COLLECT, 0, 9), TOCK_FAILURE, TOCK_NOMEM, 0, 9);
}

Test(kv, a_full_store_answers_nomem_and_keeps_what_it_has)
{
    struct process *p = boot();
    char key[] = "a";

    call(p, TOCK_CLASS_ALLOW_RO, KV, 1, VALUE(p), 400);
    do {
        allow_key(p, key);
        start(p, SET);
        wait_for(p);
        key[0]++;
    } while (p->context.regs[0] == TOCK_OK && key[0] < 'z');
    cr_expect(eq(u32, p->context.regs[0], TOCK_NOMEM));
    for (char old[] = "a"; old[0] < key[0] - 1; old[0]++) {
        start_get(p, old);
        expect_event(p, TOCK_OK, 400);
    }
    expect_none(p, (char[]){(char)(key[0] - 1), 0});
}

/* --- the bytes ------------------------------------------------------------ */

Test(kv, values_stand_behind_length_and_owner)
{
    static const uint8_t head[] = {0x01, 0x80, 0x1d, 0x21, 0x9e, 0x0c, 0x95,
                                   0x28, 0xeb, 0x43, 0x92, 0x00, 0x05, 0x00,
                                   0x00, 0x00, 0x07, 0x00, 0x00, 0x00, 'h',
                                   'e',  'l',  'l',  'o'};
    struct process *p = boot();

    set(p, "mykey", "hello");
    cr_expect(zero(int, memcmp(nor.contents + 2 * PAGE, head, sizeof(head))));
}

/* What stands behind a key is not made by this driver: it is nobody's. */
static void expect_nobodys(const uint8_t *head, uint32_t len)
{
    const struct board_app app = {.name = "one", .short_id = 7};
    struct process *p = boot();
    uint8_t first[11];
    uint8_t last[4];

    format_object(tickv_hash((struct span){(uint8_t *)"key", 3}),
                  (struct span){(uint8_t *)head, len}, first, last);
    memcpy(nor.contents, first, sizeof(first));
    memcpy(nor.contents + 11, head, len);
    memcpy(nor.contents + 11 + len, last, sizeof(last));
    boot_on(&app, 1);
    p = &board.processes[0];
    expect_none(p, "key");
    expect_change(p, SET, "key", "x", TOCK_NOSUPPORT);
    start(p, DELETE);
    expect_event(p, TOCK_NOSUPPORT, 0);
}

Test(kv, what_other_programs_stored_belongs_to_nobody)
{
    static const uint8_t short_one[] = {0, 0, 0, 0, 0, 7, 0, 0};
    static const uint8_t version_1[] = {1, 1, 0, 0, 0, 7, 0, 0, 0, 'v'};
    static const uint8_t too_long[] = {0, 2, 0, 0, 0, 7, 0, 0, 0, 'v'};
    static const uint8_t huge[] = {0, 255, 255, 255, 255, 7, 0, 0, 0, 'v'};
    static const uint8_t no_owner[] = {0, 1, 0, 0, 0, 0, 0, 0, 0, 'v'};

    expect_nobodys(short_one, sizeof(short_one));
    expect_nobodys(version_1, sizeof(version_1));
    expect_nobodys(too_long, sizeof(too_long));
    expect_nobodys(huge, sizeof(huge));
    expect_nobodys(no_owner, sizeof(no_owner));
}

/* --- what goes wrong on the way ------------------------------------------- */

/* The process's request is under way until release. */
static void hold(struct process *p, const char *value)
{
    nor.is_slow = true;
    allow_key(p, "held");
    allow_value(p, value);
    start(p, SET);
    for (int i = 0; i < 200 && nor.len == 0; i++)
        kernel_loop_once();
    cr_assert(ne(u32, nor.len, 0), "it is being written");
}

static void release(void)
{
    nor.is_slow = false;
    nor_finish(&nor);
}

Test(kv, a_flash_that_nobody_uses_is_left_alone)
{
    struct process *p = boot();

    settle();
    cr_expect(zero(u32, nor.operations));
    expect_none(p, "key");
    cr_expect(ne(u32, nor.operations, 0));
}

Test(kv, a_key_that_is_taken_away_or_grows_before_its_turn)
{
    struct process *one = boot_three();
    struct process *reader = &board.processes[1];

    expect_none(reader, "key"); /* mounts the store */
    allow_key(reader, "key");
    allow_value(reader, "value");
    hold(one, "1");
    start(reader, SET);
    call(reader, TOCK_CLASS_ALLOW_RO, KV, 0, 0, 0);
    release();
    expect_event(reader, TOCK_RESERVE, 0);
    allow_key(reader, "key");
    hold(one, "2");
    start(reader, SET);
    call(reader, TOCK_CLASS_ALLOW_RO, KV, 0, KEY(reader), 65);
    release();
    expect_event(reader, TOCK_SIZE, 0);
    allow_key(reader, "key");
    hold(one, "3");
    start(reader, SET);
    call(reader, TOCK_CLASS_ALLOW_RO, KV, 1, VALUE(reader), 504);
    release();
    expect_event(reader, TOCK_SIZE, 0);
}

Test(kv, an_output_that_shrinks_meanwhile_gets_what_it_has_room_for)
{
    struct process *p = boot();

    set(p, "key", "0123456789");
    start_get(p, "key");
    memset(host_memory(OUTPUT(p)), 0, 20);
    call(p, TOCK_CLASS_ALLOW_RW, KV, 0, OUTPUT(p), 3);
    expect_event(p, TOCK_SIZE, 10);
    cr_expect(zero(int, memcmp(host_memory(OUTPUT(p)), "012", 4)));
}

Test(kv, processes_take_turns)
{
    struct process *one = boot_three();
    struct process *reader = &board.processes[1];
    struct process *changer = &board.processes[2];

    allow_key(one, "a");
    allow_value(one, "of one");
    allow_key(reader, "b");
    allow_value(reader, "of reader");
    allow_key(changer, "c");
    start(one, SET);
    start(reader, SET);
    start(changer, GET);
    expect_event(one, TOCK_OK, 0);
    expect_event(reader, TOCK_OK, 0);
    expect_event(changer, TOCK_NOSUPPORT, 0);
    expect_value(one, "a", "of one");
    expect_value(reader, "b", "of reader");
}

Test(kv, who_waits_behind_the_last_one_comes_before_who_waits_in_front)
{
    struct process *one = boot_three();
    struct process *changer = &board.processes[2];

    allow_key(one, "a");
    allow_key(changer, "a");
    hold(&board.processes[1], "1");
    start(one, GET);
    start(changer, GET);
    release();
    for (int i = 0; i < 1000; i++) {
        if (one->upcalls.count + changer->upcalls.count != 0)
            break;
        kernel_loop_once();
    }
    cr_expect(zero(u32, one->upcalls.count));
    cr_expect(eq(u32, changer->upcalls.count, 1));
}

Test(kv, what_a_process_began_is_done_also_if_it_ends)
{
    struct process *one = boot_three();
    struct process *reader = &board.processes[1];

    expect_none(reader, "key"); /* mounts the store */
    hold(one, "value");
    call(one, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    release();
    expect_value(reader, "held", "value");
    cr_expect(zero(u32, one->upcalls.count));
    raise_break(one, 1600);
    expect_none(one, "key");
}

Test(kv, a_process_that_ends_before_its_turn_takes_its_request_along)
{
    struct process *one = boot_three();
    struct process *reader = &board.processes[1];

    allow_key(one, "key");
    allow_value(one, "value");
    allow_key(reader, "other");
    start(reader, GET);
    start(one, SET);
    call(one, TOCK_CLASS_EXIT, TOCK_EXIT_RESTART, 0, 0, 0);
    expect_event(reader, TOCK_NOSUPPORT, 0);
    raise_break(one, 1600);
    expect_none(one, "key");
}

Test(kv, a_full_queue_loses_the_upcall_and_nothing_else)
{
    struct process *p = boot();

    fill_queue(p);
    call(p, TOCK_CLASS_SUBSCRIBE, KV, 0, p->flash_start + 256, 0);
    allow_key(p, "key");
    allow_value(p, "value");
    start(p, SET);
    for (int i = 0; i < 1000; i++)
        kernel_loop_once();
    call(p, TOCK_CLASS_SUBSCRIBE, KV, 0, 0, 0);
    expect_value(p, "key", "value");
}

Test(kv, a_flash_that_fails_is_told_and_the_store_goes_on)
{
    for (uint32_t at = 0; at < 4; at++) {
        struct process *p = boot();

        set(p, "other", "value");
        allow_key(p, "key");
        allow_value(p, "value");
        nor.fail_at = nor.operations + at;
        start(p, SET);
        wait_for(p);
        if (p->context.regs[0] == TOCK_OK)
            break;
        cr_expect(eq(u32, p->context.regs[0], TOCK_FAIL));
        nor.fail_at = NOR_NEVER;
        expect_value(p, "other", "value");
        set(p, "key", "again");
        expect_value(p, "key", "again");
    }
}

/* --- power cuts ----------------------------------------------------------- */

/* One more change of a store in which room has to be made often. */
static uint32_t cut_once(uint32_t operation, uint32_t byte)
{
    const struct board_app app = {.name = "one", .short_id = 7};
    struct process *p = boot();
    uint32_t first;

    for (int i = 0; i < 9; i++) {
        memset(host_memory(VALUE(p)), 'a' + i, 400);
        call(p, TOCK_CLASS_ALLOW_RO, KV, 1, VALUE(p), 400);
        allow_key(p, i % 3 == 0 ? "fixed" : "key");
        start(p, SET);
        expect_event(p, TOCK_OK, 0);
    }
    first = nor.operations;
    memset(host_memory(VALUE(p)), 'z', 400);
    nor_cut_at(&nor, first + operation, byte);
    start(p, SET);
    for (int i = 0; i < 3000 && !nor.is_dark; i++)
        kernel_loop_once();
    if (!nor.is_dark)
        return 0;
    boot_on(&app, 1);
    p = &board.processes[0];
    start_get(p, "fixed");
    expect_event(p, TOCK_OK, 400);
    cr_assert(is_all(OUTPUT(p), 0, 400, 'g'));
    start_get(p, "key");
    expect_event(p, TOCK_OK, 400);
    cr_assert(is_all(OUTPUT(p), 0, 400, 'i') || is_all(OUTPUT(p), 0, 400, 'z'));
    return 1;
}

Test(kv, no_power_cut_loses_a_value)
{
    uint32_t cuts = 0;

    for (uint32_t operation = 0; operation < 60; operation++) {
        for (uint32_t byte = 0; byte < 64; byte += 21)
            cuts += cut_once(operation, byte);
    }
    cr_expect(gt(u32, cuts, 30));
}
