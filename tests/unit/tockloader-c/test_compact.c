/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* The rule COMPACT, and what all rules say about RAM. */

#include "fixture.h"
#include "request.h"

TestSuite(compact, .timeout = 60);

static struct flash flash;
static struct err err;
static struct region region;
static struct request request;
static struct layout layout;

static void begin(const struct board *board)
{
    blank_flash(&flash, board);
    err = (struct err){0};
}

static void read_region(void)
{
    region_init(&region, flash.board, flash.bytes);
    request_begin(&request, &region, false, 4);
    request.layout.rule = LAYOUT_COMPACT;
}

static void forget(void)
{
    layout_free(&layout);
    request_free(&request);
    region_free(&region);
}

/* Carries it out on the flash: apps that moved must have their bytes. */
static void carry_out(void)
{
    struct plan plan;
    struct region after;

    cr_assert(zero(int, layout_make(&region, &request.layout, &layout, &err)),
              "%s", err.text);
    plan_begin(&plan, &flash.board->apps, PAGE_SIZE, 4, region.bytes);
    plan_region(&plan, &layout, PLAN_REWRITE);
    region_init(&after, flash.board, plan.want);
    cr_expect(eq(u32, after.end, layout_end(&layout)));
    for (size_t i = 0; i < layout.count; i++) {
        const struct layout_item *item = &layout.items[i];

        if (item->kept == NULL || item->image != NULL)
            continue;
        cr_expect(zero(int, memcmp(plan.want + (item->start - plan.start),
                                   region_bytes_of(&region, item->kept),
                                   item->kept->size)));
        if (region_is_app(item->kept))
            cr_expect(place_flash_fits(flash.board->place, item->start,
                                       item->kept->size));
    }
    region_free(&after);
    memcpy(flash.bytes, plan.want, REGION_SIZE);
    plan_free(&plan);
}

static void install_image(const struct image *image)
{
    size_t old = find_app(&region, image->label);

    request_put(&request, image, 1,
                old == region.count ? NULL : &region.objects[old]);
}

static uint32_t end_of_list(void)
{
    region_init(&region, flash.board, flash.bytes);
    uint32_t end = region.end - flash.board->apps.start;
    region_free(&region);
    return end;
}

static void install_app_compact(const struct app *app)
{
    struct image image = make_image(app);

    read_region();
    install_image(&image);
    carry_out();
    forget();
    free_image(&image);
}

Test(compact, an_app_that_grows_closes_the_hole_that_it_leaves)
{
    begin(&rv_board);
    put_app(&flash, APP("a", 0x400));
    put_app(&flash, APP("b", 0x400));
    put_app(&flash, APP("c", 0x400));
    install_app_compact(APP_V("b", 0x800, 2));
    cr_expect(eq(u32, end_of_list(), 0x1000));
}

Test(compact, the_last_app_fills_a_hole_and_nobody_else_moves)
{
    begin(&rv_board);
    put_app(&flash, APP("a", 0x400));
    put_padding(&flash, 0x400);
    put_app(&flash, APP("b", 0x800));
    put_app(&flash, APP("c", 0x400));
    install_app_compact(APP_V("a", 0x400, 2));
    cr_expect(eq(u32, end_of_list(), 0x1000));
    cr_expect(eq(u32, offset_of(&flash, "b"), 0x800));
    cr_expect(eq(u32, offset_of(&flash, "c"), 0x400));
}

Test(compact, what_is_there_already_moves_nobody)
{
    begin(&rv_board);
    put_padding(&flash, 0x400);
    put_app(&flash, APP("a", 0x400));
    put_app(&flash, APP("b", 0x400));
    install_app_compact(APP("b", 0x400));
    cr_expect(eq(u32, offset_of(&flash, "a"), 0x400));
}

Test(compact, apps_with_an_address_and_damaged_objects_stay)
{
    begin(&rv_board);
    put_app(&flash, APP("broken", 0x1000));
    flash.bytes[12] ^= 0x55;
    put_padding(&flash, 0x1000);
    put_app(&flash,
            &(struct app){.name = "fixed",
                          .size = 0x1000,
                          .fixed_flash = RV_START + 0x2000 + FIXED_HEADER,
                          .fixed_ram = RV_RAM});
    put_app(&flash, APP("b", 0x800));
    install_app_compact(APP("c", 0x800));
    cr_expect(eq(u32, offset_of(&flash, "fixed"), 0x2000));
    cr_expect(eq(u32, offset_of(&flash, "c"), 0x1000));
    cr_expect(eq(u32, offset_of(&flash, "b"), 0x1800));
    cr_expect(eq(u32, end_of_list(), 0x3000));
}

Test(compact, moving_makes_room_where_there_was_none)
{
    begin(&arm_board);
    put_app(&flash, APP("a", 0x1000));
    put_padding(&flash, 0x1000);
    put_app(&flash, APP("b", 0x2000));
    put_app(&flash, APP("c", 0x4000));
    put_padding(&flash, 0x4000);
    put_app(&flash, APP("d", 0x1000));
    put_padding(&flash, 0x3000);
    install_app_compact(APP("big", 0x8000));
    cr_expect(eq(u32, offset_of(&flash, "big") % 0x8000, 0));
    cr_expect(le(u32, end_of_list(), REGION_SIZE));
}

Test(compact, retired_copies_are_left_out)
{
    begin(&rv_board);
    put_app(&flash, APP("a", 0x400));
    memset(flash.bytes + 8, 0, 8); /* flags and checksum */
    put_app(&flash, APP("b", 0x400));
    install_app_compact(APP("c", 0x400));
    cr_expect(eq(u32, offset_of(&flash, "c"), 0));
    cr_expect(eq(u32, end_of_list(), 0x800));
}

Test(compact, in_order_means_behind_each_other)
{
    struct image large = make_image(APP("large", 0x1000));
    struct image small = make_image(APP("small", 0x200));

    begin(&arm_board);
    read_region();
    request.layout.in_order = true;
    request_put(&request, &small, 1, NULL);
    request_put(&request, &large, 1, NULL);
    carry_out();
    forget();
    cr_expect(zero(u32, offset_of(&flash, "small")));
    cr_expect(gt(u32, offset_of(&flash, "large"), 0));
    free_image(&large);
    free_image(&small);
}

/* A shorter list, never a longer one, and nothing is lost on the way. */
Test(compact, random_changes_keep_every_app_and_the_list_short)
{
    static const uint32_t sizes[] = {0x200, 0x400, 0x800, 0x1000, 0x600};
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    uint32_t random = 1;

    begin(&arm_board);
    for (uint32_t step = 0; step < 400; step++) {
        random = random * 1664525 + 1013904223;
        struct app app = {.name = names[(random >> 16) % 6],
                          .size = sizes[(random >> 24) % 5],
                          .version = step};
        struct image image = make_image(&app);

        image_grow(&image, flash.board);
        read_region();
        install_image(&image);
        carry_out();
        forget();
        free_image(&image);
        read_region();
        uint32_t used = 0;
        for (size_t i = 0; i < region.count; i++)
            if (region_is_app(&region.objects[i]))
                used += region.objects[i].size;
        cr_assert(le(u32, region.end - ARM_START, 2 * used));
        forget();
    }
}

/* --- RAM ------------------------------------------------------------------ */

static const struct layout_item *without_ram(uint32_t ram)
{
    struct image image = make_image(
        &(struct app){.name = "new", .size = 0x400, .minimum_ram = ram});

    read_region();
    install_image(&image);
    cr_assert(zero(int, layout_make(&region, &request.layout, &layout, &err)));
    const struct layout_item *item = layout_without_ram(&layout);
    free_image(&image);
    return item;
}

Test(ram, apps_that_fit_together_are_fine)
{
    begin(&rv_board);
    put_app(&flash,
            &(struct app){.name = "a", .size = 0x400, .minimum_ram = 0x4000});
    cr_expect(eq(ptr, (void *)(uintptr_t)without_ram(0x8000), NULL));
    forget();
}

Test(ram, the_first_that_gets_none_is_named)
{
    begin(&rv_board);
    put_app(&flash,
            &(struct app){.name = "a", .size = 0x400, .minimum_ram = 0x9000});
    const struct layout_item *item = without_ram(0x9000);
    cr_assert(ne(ptr, (void *)(uintptr_t)item, NULL));
    cr_expect(eq(u32, item->start, RV_START + 0x400));
    forget();
}

Test(ram, disabled_apps_take_none)
{
    begin(&rv_board);
    put_app(&flash, &(struct app){.name = "a",
                                  .size = 0x400,
                                  .flags = TBF_FLAG_STICKY,
                                  .minimum_ram = 0x9000});
    cr_expect(eq(ptr, (void *)(uintptr_t)without_ram(0x9000), NULL));
    forget();
}

Test(ram, an_app_with_an_address_splits_what_is_left)
{
    begin(&rv_board);
    put_app(&flash, &(struct app){.name = "fixed",
                                  .size = 0x400,
                                  .fixed_flash = RV_START + FIXED_HEADER,
                                  .fixed_ram = RV_RAM + 0x7000,
                                  .minimum_ram = 0x1000});
    cr_expect(ne(ptr, (void *)(uintptr_t)without_ram(0x8000), NULL));
    forget();
    cr_expect(eq(ptr, (void *)(uintptr_t)without_ram(0x6000), NULL));
    forget();
}
