/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* The rule and the order APPEND; that no cut harms is tests/cut's business. */

#include "fixture.h"
#include "request.h"

TestSuite(append, .timeout = 60);

static struct flash flash;
static struct err err;
static struct region region;
static struct request request;
static struct layout layout;
static struct plan plan;

static void begin(const struct board *board)
{
    blank_flash(&flash, board);
    err = (struct err){0};
}

static void read_region(void)
{
    region_init(&region, flash.board, flash.bytes);
    request_begin(&request, &region, true, 4);
    request.layout.rule = LAYOUT_APPEND;
    request.layout.write_unit = 4;
}

static void forget(void)
{
    plan_free(&plan);
    layout_free(&layout);
    request_free(&request);
    region_free(&region);
}

/* Carries the request out on the flash; false if there is no layout. */
static bool carry_out(void)
{
    static uint8_t bytes[REGION_SIZE];

    if (layout_make(&region, &request.layout, &layout, &err) != 0)
        return false;
    plan_begin(&plan, &flash.board->apps, PAGE_SIZE, 4, flash.bytes);
    plan_region(&plan, &layout, PLAN_APPEND);
    memcpy(bytes, flash.bytes, sizeof bytes);
    run_ops(&plan, bytes);
    cr_expect(zero(int, memcmp(bytes, plan.want, sizeof bytes)),
              "the operations do not lead to the wanted bytes");
    memcpy(flash.bytes, bytes, sizeof bytes);
    plan.have = NULL;
    return true;
}

static struct region_object *object(const char *name)
{
    size_t at = find_app(&region, name);

    cr_assert(lt(sz, at, region.count), "no app %s", name);
    return &region.objects[at];
}

static bool put_image(const struct image *image, const char *old)
{
    read_region();
    request_put(&request, image, 1, old == NULL ? NULL : object(old));
    return carry_out();
}

Test(append, a_new_app_stands_on_pages_of_its_own)
{
    struct image image = make_image(APP("new", 0x400));

    begin(&rv_board);
    put_app(&flash, APP("a", 0x600));
    cr_assert(put_image(&image, NULL));
    forget();
    cr_expect(eq(u32, offset_of(&flash, "new"), 0x1000));
    read_region();
    cr_expect(eq(u32, region.end, RV_START + 0x2000), "no full page");
    cr_expect(eq(int, region.tail, REGION_TAIL_BLANK));
    forget();
    free_image(&image);
}

Test(append, the_same_app_again_writes_nothing)
{
    struct image image = make_image(APP("b", 0x1000));

    begin(&rv_board);
    put_app(&flash, APP("a", 0x1000));
    put_app(&flash, APP("b", 0x1000));
    cr_assert(put_image(&image, "b"));
    cr_expect(zero(sz, plan.count));
    forget();
    free_image(&image);
}

Test(append, an_old_version_retires_in_its_place_after_the_commit)
{
    struct image image = make_image(APP_V("b", 0x1000, 2));
    size_t commit = 0;
    size_t retire = 0;

    begin(&rv_board);
    put_app(&flash, APP("a", 0x1000));
    put_app(&flash, APP("b", 0x1000));
    put_app(&flash, APP("c", 0x1000));
    cr_assert(put_image(&image, "b"));
    for (size_t i = 0; i < plan.count; i++) {
        if (plan.ops[i].step == PLAN_STEP_COMMIT)
            commit = i;
        if (plan.ops[i].step == PLAN_STEP_RETIRE && retire == 0)
            retire = i;
    }
    cr_expect(lt(sz, commit, retire));
    cr_expect(eq(u32, plan.ops[commit].len, 4));
    cr_expect(eq(u32, plan.ops[retire].addr, RV_START + 0x1000 + 8));
    forget();
    read_region();
    cr_expect(eq(u32, object("b")->address, RV_START + 0x3000));
    cr_expect(region.objects[1].is_retired);
    cr_expect(not(region_is_app(&region.objects[1])));
    forget();
    free_image(&image);
}

Test(append, what_is_dead_at_the_end_is_given_back)
{
    begin(&rv_board);
    put_app(&flash, APP("a", 0x1000));
    put_app(&flash, APP("b", 0x1000));
    put_app(&flash, APP("c", 0x1000));
    read_region();
    request_remove(&request, object("b"));
    request_remove(&request, object("c"));
    cr_assert(carry_out());
    forget();
    read_region();
    cr_expect(eq(u32, region.end, RV_START + 0x1000));
    cr_expect(eq(int, region.tail, REGION_TAIL_BLANK));
    forget();
}

Test(append, one_in_the_middle_is_retired_by_two_words)
{
    begin(&rv_board);
    put_app(&flash, APP("a", 0x1000));
    put_app(&flash, APP("b", 0x1000));
    read_region();
    request_remove(&request, object("a"));
    cr_assert(carry_out());
    cr_expect(zero(u32, plan.erased));
    cr_expect(eq(u32, plan.written, 8));
    forget();
    read_region();
    cr_expect(region.objects[0].is_retired);
    cr_expect(eq(u32, object("b")->address, RV_START + 0x1000));
    forget();
}

Test(append, a_retired_predecessor_does_not_come_back_as_a_disabled_app)
{
    struct image image = make_image(APP_V("b", 0x1000, 2));

    begin(&rv_board);
    put_app(&flash, &(struct app){.name = "b", .size = 0x1000, .flags = 2});
    put_app(&flash, APP("a", 0x1000));
    cr_assert(put_image(&image, NULL)); /* enabled, behind the disabled one */
    forget();
    put_app(&flash, APP_V("b", 0x1000, 2));
    read_region();
    cr_expect(region.objects[0].is_retired);
    request_remove(&request, object("b"));
    cr_assert(carry_out());
    forget();
    read_region();
    cr_expect(eq(sz, find_app(&region, "b"), region.count));
    forget();
    free_image(&image);
}

Test(append, flash_with_large_units_is_refused)
{
    begin(&rv_board);
    read_region();
    request.layout.write_unit = 16;
    cr_expect(not(carry_out()));
    cr_expect(eq(int, err.kind, ERR_STATE));
    cr_expect(ne(ptr, strstr(err.text, "units of 16 bytes"), NULL), "%s",
              err.text);
    cr_expect(ne(ptr, strstr(err.hint, "--in-place"), NULL));
    request_free(&request);
    region_free(&region);
}

Test(append, no_place_for_one_address_in_front_of_the_end)
{
    struct app fixed = {.name = "f",
                        .size = 0x1000,
                        .fixed_flash = RV_START + 0x1000 + FIXED_HEADER,
                        .fixed_ram = RV_RAM};
    struct image image = make_image(&fixed);

    begin(&rv_board);
    put_app(&flash, APP("a", 0x1000));
    put_padding(&flash, 0x1000);
    put_app(&flash, APP("b", 0x1000));
    cr_expect(not(put_image(&image, NULL)));
    cr_expect(eq(int, err.kind, ERR_STATE));
    cr_expect(ne(ptr, strstr(err.text, "taken by padding"), NULL), "%s",
              err.text);
    cr_expect(ne(ptr, strstr(err.hint, "--in-place"), NULL));
    forget();
    free_image(&image);
}

Test(append, the_old_app_is_named_where_it_is_in_its_own_way)
{
    struct app fixed = {.name = "f",
                        .size = 0x1000,
                        .version = 1,
                        .fixed_flash = RV_START + FIXED_HEADER,
                        .fixed_ram = RV_RAM};

    begin(&rv_board);
    put_app(&flash, &fixed);
    fixed.version = 2;
    struct image image = make_image(&fixed);
    cr_expect(not(put_image(&image, "f")));
    cr_expect(ne(ptr, strstr(err.text, "taken by the old 'f'"), NULL), "%s",
              err.text);
    forget();
    free_image(&image);
}

Test(append, a_full_region_is_told_with_what_is_free)
{
    struct image image = make_image(APP("new", 0x4000));

    begin(&rv_board);
    put_app(&flash, APP("a", 0xd000));
    cr_expect(not(put_image(&image, NULL)));
    cr_expect(ne(ptr,
                 strstr(err.text, "needs 16384 bytes, 12288 are free from "
                                  "0x8010d000"),
                 NULL),
              "%s", err.text);
    forget();
    free_image(&image);
}

Test(append, a_page_that_is_written_behind_the_list_is_refused)
{
    struct image image = make_image(APP("new", 0x1000));

    begin(&rv_board);
    put_app(&flash, APP("a", 0x600));
    flash.bytes[0x600] = 0; /* an end as loaders mark it */
    flash.bytes[0x604] = 0;
    cr_expect(not(put_image(&image, NULL)));
    cr_expect(eq(int, err.kind, ERR_STATE));
    cr_expect(ne(ptr, strstr(err.hint, "--in-place --force"), NULL));
    forget();
    free_image(&image);
}

Test(append, a_padding_header_that_was_begun_in_a_page_is_completed)
{
    struct image image = make_image(APP("new", 0x1000));
    uint8_t padding[TBF_BASE_SIZE];

    tbf_build_padding(padding, 0xa00);
    for (unsigned cut = 4; cut < TBF_BASE_SIZE; cut += 4) {
        begin(&rv_board);
        put_app(&flash, APP("a", 0x600));
        memcpy(flash.bytes + 0x600 + cut, padding + cut, TBF_BASE_SIZE - cut);
        cr_expect(put_image(&image, NULL), "%s", err.text);
        forget();
        cr_expect(eq(u32, offset_of(&flash, "new"), 0x1000));
    }
    free_image(&image);
}

Test(append, bytes_further_on_in_the_page_where_the_list_ends_do_no_harm)
{
    struct image image = make_image(APP("new", 0x1000));

    begin(&rv_board);
    put_app(&flash, APP("a", 0x600));
    flash.bytes[0x700] = 0x55;
    cr_expect(put_image(&image, NULL), "%s", err.text);
    forget();
    cr_expect(eq(u32, offset_of(&flash, "new"), 0x1000));
    cr_expect(eq(u8, flash.bytes[0x700], 0x55));
    free_image(&image);
}

Test(append, an_app_that_nobody_declared_lost_is_not_overwritten)
{
    struct image image = make_image(APP("new", 0x1000));

    begin(&rv_board);
    put_app(&flash, APP("a", 0x1000));
    flash.end += 0x1000; /* a header that was lost */
    put_app(&flash, APP("hidden", 0x1000));
    cr_expect(not(put_image(&image, NULL)));
    cr_expect(ne(ptr, strstr(err.text, "'hidden'"), NULL), "%s", err.text);
    forget();
    read_region();
    request.layout.overwrite_tail = true;
    request_put(&request, &image, 1, NULL);
    cr_expect(carry_out());
    forget();
    free_image(&image);
}

/* An app that holds another one: its unfinished copy must not look like the
 * last trace of that one. */
Test(append, what_the_same_command_has_left_is_its_own)
{
    struct image image = make_image(APP("outer", 0x2000));
    uint8_t *bytes = (uint8_t *)(uintptr_t)image.bytes;

    build_app(APP("inner", 0x400), bytes + 0x1000);
    begin(&rv_board);
    put_app(&flash, APP("a", 0x1000));
    memcpy(flash.bytes + flash.end + 8, bytes + 8, image.len - 8);
    cr_expect(put_image(&image, NULL), "%s", err.text);
    forget();
    cr_expect(eq(u32, offset_of(&flash, "outer"), 0x1000));
    free_image(&image);
}

/* Either disabled where it stands, or by a copy. */
static void check_disable(uint32_t version)
{
    bool is_odd;

    begin(&rv_board);
    put_app(&flash, APP_V("a", 0x1000, version));
    put_app(&flash, APP("b", 0x1000));
    is_odd = (flash.bytes[12] & 1) != 0;
    read_region();
    request_flags(&request, object("a"), 0, TBF_FLAG_ENABLED);
    cr_assert(carry_out());
    cr_expect(eq(u32, plan.erased, is_odd ? 0 : 2));
    forget();
    read_region();
    cr_expect(zero(u32, object("a")->header.flags));
    cr_expect(eq(u32, object("a")->address, RV_START + (is_odd ? 0 : 0x2000)));
    forget();
}

Test(append, an_app_is_disabled_in_place_where_its_checksum_allows_it)
{
    check_disable(0);
    check_disable(1);
}

Test(append, an_app_is_made_sticky_by_a_copy)
{
    begin(&rv_board);
    put_app(&flash, APP("a", 0x1000));
    read_region();
    request_flags(&request, object("a"), TBF_FLAG_STICKY, 0);
    cr_assert(carry_out());
    forget();
    read_region();
    cr_expect(
        eq(u32, object("a")->header.flags, TBF_FLAG_ENABLED | TBF_FLAG_STICKY));
    cr_expect(eq(u32, object("a")->address, RV_START + 0x1000));
    forget();
}

Test(append, an_update_cut_after_its_commit_only_removes_the_old_one)
{
    struct image image = make_image(APP_V("a", 0x1000, 2));

    begin(&rv_board);
    put_app(&flash, APP_V("a", 0x1000, 1));
    put_app(&flash, APP_V("a", 0x1000, 2));
    read_region();
    const struct region_object *found = request_find(&request, &image, 1);
    cr_assert(eq(ptr, (void *)(uintptr_t)found, &region.objects[1]));
    request.appends = false;
    cr_expect(
        eq(ptr, (void *)(uintptr_t)request_find(&request, &image, 1), NULL));
    forget();
    free_image(&image);
}
