/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "fixture.h"

TestSuite(plan, .timeout = 20);

static struct flash flash;
static struct plan plan;
static struct err err;

static void install_version(const char *name, uint32_t size, uint32_t version)
{
    struct image image = make_image(APP_V(name, size, version));

    plan_free(&plan);
    cr_assert(install(&flash, &image, 1, &plan, &err), "%s", err.text);
    free_image(&image);
}

static void begin(const struct board *board)
{
    blank_flash(&flash, board);
    err = (struct err){0};
}

Test(plan, blank_pages_are_programmed_without_erasing)
{
    begin(&rv_board);
    install_version("a", 0x1800, 1);
    cr_expect(zero(u32, plan.erased));
    cr_expect(eq(u32, plan.programmed, 2));
    plan_free(&plan);
}

Test(plan, the_same_app_again_writes_nothing)
{
    begin(&rv_board);
    put_app(&flash, APP("x", 0x800));
    install_version("a", 0x1800, 1);
    install_version("a", 0x1800, 1);
    cr_expect(zero(sz, plan.count));
    cr_expect(zero(u32, plan.changed));
    plan_free(&plan);
}

Test(plan, padding_that_nobody_touches_is_not_rewritten)
{
    begin(&rv_board);
    put_app(&flash, APP("x", 0x800));
    put_padding(&flash, 0x800);
    put_padding(&flash, 0x1000);
    put_app(&flash, APP_V("a", 0x1800, 1));
    put_padding(&flash, 0x800);
    install_version("a", 0x1800, 1);
    cr_expect(zero(sz, plan.count));
    plan_free(&plan);
}

Test(plan, pages_that_are_right_already_are_left_alone)
{
    struct image image;
    struct app app = {.name = "a", .size = 0x8000, .version = 1};

    begin(&arm_board);
    put_app(&flash, &app);
    flash.bytes[0x5123] ^= 0x10; /* one byte of the old one differs */
    image = make_image(&app);
    cr_assert(install(&flash, &image, 1, &plan, &err));
    cr_expect(le(u32, plan.erased + plan.programmed, 2));
    cr_expect(eq(u32, plan.ops[0].addr, ARM_START + 0x5000));
    cr_expect(eq(u32, plan.changed, 1));
    free_image(&image);
    plan_free(&plan);
}

Test(plan, a_page_is_erased_only_if_a_bit_must_be_set)
{
    static const struct board_area area = {0x1000, 2 * PAGE_SIZE};
    static uint8_t have[2 * PAGE_SIZE];

    memset(have, 0xf0, sizeof have);
    plan_begin(&plan, &area, PAGE_SIZE, 4, have);
    plan.want[0] = 0x70;         /* clears a bit */
    plan.want[PAGE_SIZE] = 0xf1; /* sets one     */
    plan_close(&plan);
    cr_assert(eq(u32, plan.erased + plan.programmed, 3));
    cr_expect(eq(int, plan.ops[0].kind, PLAN_PROGRAM));
    cr_expect(eq(u32, plan.ops[0].addr, 0x1000));
    cr_expect(eq(int, plan.ops[1].kind, PLAN_ERASE));
    cr_expect(eq(int, plan.ops[2].kind, PLAN_PROGRAM));
    cr_expect(eq(u32, plan.ops[2].addr, 0x1000 + PAGE_SIZE));
    cr_expect(eq(u32, plan.changed, 2));
    plan_free(&plan);
}

Test(plan, a_page_that_shall_be_blank_is_erased_and_not_programmed)
{
    static const struct board_area area = {0, PAGE_SIZE};
    static uint8_t have[PAGE_SIZE];

    plan_begin(&plan, &area, PAGE_SIZE, 4, have);
    memset(plan.want, 0xff, PAGE_SIZE);
    plan_close(&plan);
    cr_expect(eq(int, plan.ops[0].kind, PLAN_ERASE));
    cr_expect(zero(u32, plan.programmed));
    plan_free(&plan);
}

Test(plan, removing_an_app_in_the_middle_writes_one_page)
{
    struct region region;
    bool is_removed[3] = {false, true, false};
    struct layout_request request = {.is_removed = is_removed};

    begin(&rv_board);
    put_app(&flash, APP("a", 0x4000));
    put_app(&flash, APP("b", 0x4000));
    put_app(&flash, APP("c", 0x4000));
    region_init(&region, flash.board, flash.bytes);
    cr_assert(change(&flash, &region, &request, &plan, &err));
    cr_expect(eq(u32, plan.programmed, 1));
    region_free(&region);
    plan_free(&plan);
}

Test(plan, flags_are_set_and_cleared_with_a_right_checksum)
{
    struct image image = make_image(APP("a", 0x400));
    struct layout_wish wish = {
        .images = &image,
        .count = 1,
        .set_flags = TBF_FLAG_STICKY,
        .clear_flags = TBF_FLAG_ENABLED,
    };
    struct layout_request request = {.wishes = &wish, .wish_count = 1};
    struct region region;

    begin(&rv_board);
    region_init(&region, flash.board, flash.bytes);
    cr_assert(change(&flash, &region, &request, &plan, &err));
    region_free(&region);
    plan_free(&plan);
    region_init(&region, flash.board, flash.bytes);
    cr_assert(eq(sz, region.count, 1));
    cr_expect(eq(int, region.objects[0].status, TBF_OK));
    cr_expect(eq(u32, region.objects[0].header.flags, TBF_FLAG_STICKY));
    region_free(&region);
    free_image(&image);
}
