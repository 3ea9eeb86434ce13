/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "board.h"
#include "capsule/storage.h"

TestSuite(storage, .timeout = 10);

static const uint32_t readable[] = {7, 8, 0};
static const uint32_t modifiable[] = {8, 9};

static struct process *boot(const struct board_app *app,
                            enum kernel_storage_rights rights)
{
    board_power_on();
    board.config.short_ids = KERNEL_IDS_HEADER;
    board.config.storage_rights = rights;
    board_install(app);
    board_boot();
    return &board.processes[0];
}

/* May p read, modify objects of this id? As a number of two binary digits. */
static uint32_t rights(const struct process *p, uint32_t id)
{
    return (uint32_t)storage_may_read(p, id) << 1 |
           (uint32_t)storage_may_modify(p, id);
}

static struct board_app with_lists(uint32_t write_id)
{
    return (struct board_app){.name = "one",
                              .short_id = 7,
                              .has_storage = true,
                              .write_id = write_id,
                              .read_ids = readable,
                              .read_count = 3,
                              .modify_ids = modifiable,
                              .modify_count = 2};
}

Test(storage, an_app_has_its_own_objects)
{
    struct process *p = boot(&(struct board_app){.name = "one", .short_id = 7},
                             KERNEL_STORAGE_OWN);

    cr_expect(eq(u32, storage_write_id(p), 7));
    cr_expect(eq(u32, rights(p, 7), 3));
    cr_expect(eq(u32, rights(p, 8), 0));
    cr_expect(eq(u32, rights(p, 0), 0));
}

Test(storage, lists_do_not_count_where_the_board_gives_everybody_his_own)
{
    struct board_app app = with_lists(0);
    struct process *p = boot(&app, KERNEL_STORAGE_OWN);

    cr_expect(eq(u32, storage_write_id(p), 7));
    cr_expect(eq(u32, rights(p, 7), 3));
    cr_expect(eq(u32, rights(p, 8), 0));
}

Test(storage, the_header_lists_whose_objects_an_app_may_use)
{
    struct board_app app = with_lists(1);
    struct process *p = boot(&app, KERNEL_STORAGE_HEADER);

    cr_expect(eq(u32, storage_write_id(p), 7));
    cr_expect(eq(u32, rights(p, 7), 2));
    cr_expect(eq(u32, rights(p, 8), 3));
    cr_expect(eq(u32, rights(p, 9), 1));
    cr_expect(eq(u32, rights(p, 10), 0));
    cr_expect(eq(u32, rights(p, 1), 0));
    cr_expect(eq(u32, rights(p, 0), 0));
}

Test(storage, an_app_whose_header_gives_no_write_id_may_not_write)
{
    struct board_app app = with_lists(0);
    struct process *p = boot(&app, KERNEL_STORAGE_HEADER);

    cr_expect(eq(u32, storage_write_id(p), 0));
    cr_expect(eq(u32, rights(p, 8), 3));
}

Test(storage, without_a_list_an_app_has_its_own)
{
    struct process *p = boot(&(struct board_app){.name = "one", .short_id = 7},
                             KERNEL_STORAGE_HEADER);

    cr_expect(eq(u32, storage_write_id(p), 7));
    cr_expect(eq(u32, rights(p, 7), 3));
    cr_expect(eq(u32, rights(p, 8), 0));
}

Test(storage, an_app_without_a_short_id_has_nothing)
{
    struct board_app app = with_lists(7);
    struct process *p;

    app.short_id = 0;
    p = boot(&app, KERNEL_STORAGE_HEADER);
    cr_expect(eq(u32, storage_write_id(p), 0));
    cr_expect(eq(u32, rights(p, 8), 0));
    p = boot(&(struct board_app){.name = "one"}, KERNEL_STORAGE_OWN);
    cr_expect(eq(u32, storage_write_id(p), 0));
    cr_expect(eq(u32, rights(p, 0), 0));
}

Test(storage, a_list_with_too_many_ids_gives_nothing_at_all)
{
    static const uint32_t many[] = {7, 7, 7, 7, 7, 7, 7, 7, 7};
    struct board_app app = with_lists(7);
    struct process *p;

    app.modify_ids = many;
    app.modify_count = 9;
    p = boot(&app, KERNEL_STORAGE_HEADER);
    cr_expect(eq(u32, storage_write_id(p), 0));
    cr_expect(eq(u32, rights(p, 7), 0));
    cr_expect(eq(u32, rights(p, 8), 0));
}

Test(storage, a_board_that_gives_no_rights_gives_none)
{
    struct board_app app = with_lists(7);
    struct process *p = boot(&app, KERNEL_STORAGE_NONE);

    cr_expect(eq(u32, storage_write_id(p), 0));
    cr_expect(eq(u32, rights(p, 7), 0));
    cr_expect(eq(u32, rights(p, 8), 0));
}
