/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "fixture.h"

TestSuite(layout, .timeout = 60);

static struct flash flash;
static struct err err;

/* The four address pairs of one build, as flash slot and RAM slot numbers. */
static void make_slots(struct image images[4], const char *name, uint32_t size,
                       uint32_t ram)
{
    for (uint32_t i = 0; i < 4; i++)
        images[i] = make_image(&(struct app){
            .name = name,
            .size = size,
            .fixed_flash = RV_START + i * 0x4000 + FIXED_HEADER,
            .fixed_ram = RV_RAM + i * 0x4000,
            .minimum_ram = ram,
        });
}

static void free_slots(struct image images[4])
{
    for (int i = 0; i < 4; i++)
        free_image(&images[i]);
}

static bool install_slots(const char *name, uint32_t size, uint32_t ram)
{
    struct image images[4];
    struct plan plan;

    make_slots(images, name, size, ram);
    bool done = install(&flash, images, 4, &plan, &err);
    plan_free(&plan);
    free_slots(images);
    return done;
}

/* --- position-independent apps -------------------------------------------- */

Test(layout, on_pmp_apps_stand_close_together)
{
    blank_flash(&flash, &rv_board);
    cr_assert(install_app(&flash, APP("a", 1060), &err));
    cr_assert(install_app(&flash, APP("b", 500), &err));
    cr_expect(eq(u32, offset_of(&flash, "a"), 0));
    cr_expect(eq(u32, offset_of(&flash, "b"), 1060));
}

Test(layout, on_arm_apps_are_aligned_and_gaps_are_padded)
{
    blank_flash(&flash, &arm_board);
    cr_assert(install_app(&flash, APP("a", 512), &err));
    cr_assert(install_app(&flash, APP("b", 4096), &err));
    cr_expect(eq(u32, offset_of(&flash, "a"), 0));
    uint32_t b = offset_of(&flash, "b");
    cr_expect(place_flash_fits(PLACE_ARMV7M, ARM_START + b, 4096));
    cr_assert(install_app(&flash, APP("c", 256), &err));
    cr_expect(lt(u32, offset_of(&flash, "c"), 4096));
}

Test(layout, a_size_that_arm_cannot_map_becomes_a_power_of_two)
{
    blank_flash(&flash, &arm_board);
    cr_assert(install_app(&flash, APP("odd", 1060), &err));
    cr_assert(install_app(&flash, APP("next", 2048), &err));
    cr_expect(eq(u32, offset_of(&flash, "next"), 2048));
    cr_expect(eq(u8, flash.bytes[1060], 0xff));
}

Test(layout, the_same_size_takes_the_old_place)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    put_app(&flash, APP("b", 1024));
    put_app(&flash, APP("c", 1024));
    cr_assert(install_app(&flash, APP_V("b", 1024, 2), &err));
    cr_expect(eq(u32, offset_of(&flash, "b"), 1024));
}

Test(layout, a_smaller_one_takes_the_old_place_and_leaves_padding)
{
    struct region region;

    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    put_app(&flash, APP("b", 1024));
    put_app(&flash, APP("c", 1024));
    cr_assert(install_app(&flash, APP_V("b", 512, 2), &err));
    region_init(&region, flash.board, flash.bytes);
    cr_assert(eq(sz, region.count, 4));
    cr_expect(region_is_padding(&region.objects[2]));
    cr_expect(eq(u32, region.objects[2].size, 512));
    region_free(&region);
}

Test(layout, a_larger_one_moves_and_nobody_else_does)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    put_app(&flash, APP("b", 1024));
    put_app(&flash, APP("c", 1024));
    cr_assert(install_app(&flash, APP_V("b", 2048, 2), &err));
    cr_expect(eq(u32, offset_of(&flash, "b"), 3072));
    cr_expect(eq(u32, offset_of(&flash, "c"), 2048));
}

Test(layout, a_rest_too_small_for_padding_is_never_left)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    put_padding(&flash, 512);
    put_app(&flash, APP("c", 1024));
    cr_assert(install_app(&flash, APP("b", 504), &err));
    cr_expect(eq(u32, offset_of(&flash, "b"), 2560));
    cr_assert(install_app(&flash, APP("d", 496), &err));
    cr_expect(eq(u32, offset_of(&flash, "d"), 1024));
}

Test(layout, holes_that_touch_are_one_hole)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    put_padding(&flash, 512);
    put_app(&flash, APP("b", 512));
    put_padding(&flash, 1024);
    put_app(&flash, APP("c", 1024));
    cr_assert(uninstall(&flash, "b", &err));
    cr_assert(install_app(&flash, APP("d", 2048), &err));
    cr_expect(eq(u32, offset_of(&flash, "d"), 1024));
}

Test(layout, removing_the_last_app_gives_its_space_back)
{
    struct region region;

    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    put_padding(&flash, 512);
    put_app(&flash, APP("b", 512));
    cr_assert(uninstall(&flash, "b", &err));
    region_init(&region, flash.board, flash.bytes);
    cr_expect(eq(sz, region.count, 1));
    cr_expect(eq(int, region.tail, REGION_TAIL_BLANK));
    region_free(&region);
}

Test(layout, a_full_region_takes_an_app_of_exactly_the_free_size)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    cr_assert(install_app(&flash, APP("b", REGION_SIZE - 1024), &err));
    cr_assert(not(install_app(&flash, APP("c", 128), &err)));
    cr_expect(eq(int, err.kind, ERR_STATE));
}

Test(layout, no_room_tells_the_need_and_the_largest_place)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 0xf000));
    cr_assert(not(install_app(&flash, APP("b", 0x1004), &err)));
    cr_expect(eq(int, err.kind, ERR_STATE));
    cr_expect(ne(ptr, strstr(err.text, "'b': it needs 4100 bytes"), NULL));
    cr_expect(ne(ptr, strstr(err.text, "has 4096 at 0x8010f000"), NULL));
    cr_expect(ne(chr, err.hint[0], '\0'));
}

Test(layout, damaged_objects_keep_their_place)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    put_app(&flash, APP("b", 1024));
    flash.bytes[12] ^= 1;
    cr_assert(install_app(&flash, APP("a", 1024), &err));
    cr_expect(eq(u32, offset_of(&flash, "a"), 2048));
}

/* --- behind the end of the list ------------------------------------------- */

Test(layout, unknown_bytes_behind_the_list_are_not_overwritten)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    memset(flash.bytes + 1024, 0x5a, 64);
    cr_assert(not(install_app(&flash, APP("b", 512), &err)));
    cr_expect(eq(int, err.kind, ERR_STATE));
    cr_expect(ne(ptr, strstr(err.text, "0x80100400"), NULL));
    cr_expect(ne(ptr, strstr(err.hint, "--force"), NULL));
    cr_expect(eq(u8, flash.bytes[1024], 0x5a));
}

Test(layout, unknown_bytes_do_not_forbid_changes_inside_the_list)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    put_app(&flash, APP("b", 1024));
    memset(flash.bytes + 2048, 0x5a, 64);
    cr_assert(install_app(&flash, APP_V("a", 1024, 2), &err));
    cr_assert(uninstall(&flash, "b", &err));
    /* Its place stays in the list: what follows is still where it was. */
    cr_expect(eq(u8, flash.bytes[2048], 0x5a));
    cr_assert(install_app(&flash, APP("c", 1024), &err));
    cr_expect(eq(u32, offset_of(&flash, "c"), 1024));
    cr_expect(eq(u8, flash.bytes[2048], 0x5a));
}

Test(layout, a_hidden_app_is_named)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    put_app(&flash, APP("b", 1024));
    memset(flash.bytes, 0xff, 1024);
    cr_assert(not(install_app(&flash, APP("c", 512), &err)));
    cr_expect(ne(ptr, strstr(err.text, "'b'"), NULL));
    cr_expect(ne(ptr, strstr(err.text, "0x80100400"), NULL));
}

Test(layout, force_overwrites_and_old_apps_do_not_come_back)
{
    struct region region;
    struct plan plan;
    struct image image = make_image(APP("c", 1024));
    struct layout_wish wish = {.images = &image, .count = 1};
    struct layout_request request = {
        .wishes = &wish, .wish_count = 1, .overwrite_tail = true};

    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    put_app(&flash, APP("b", 1024));
    memset(flash.bytes, 0xff, 1024); /* "c" fits exactly in front of "b" */
    region_init(&region, flash.board, flash.bytes);
    cr_assert(change(&flash, &region, &request, &plan, &err));
    cr_expect(eq(u32, offset_of(&flash, "c"), 0));
    cr_expect(eq(u32, offset_of(&flash, "b"), REGION_SIZE));
    region_free(&region);
    plan_free(&plan);
    free_image(&image);
}

Test(layout, leftovers_behind_a_set_end_are_used_and_never_revived)
{
    struct region region;

    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("a", 1024));
    put_app(&flash, APP("old", 1024));
    put_app(&flash, APP("older", 1024));
    flash.bytes[1024] = 0;
    cr_assert(install_app(&flash, APP("new", 1024), &err));
    region_init(&region, flash.board, flash.bytes);
    cr_expect(eq(sz, region.count, 2));
    cr_expect(eq(int, region.tail, REGION_TAIL_FREE));
    region_free(&region);
    cr_assert(install_app(&flash, APP("newer", 1024), &err));
}

/* --- fixed addresses ------------------------------------------------------ */

Test(layout, apps_with_four_address_pairs_take_different_ones)
{
    static const char *const names[] = {"a", "b", "c", "d"};

    blank_flash(&flash, &rv_board);
    for (uint32_t i = 0; i < 4; i++) {
        cr_assert(install_slots(names[i], 0x2000, 4096), "%s", err.text);
        cr_expect(eq(u32, offset_of(&flash, names[i]), i * 0x4000));
    }
    cr_assert(not(install_slots("e", 0x2000, 4096)));
    cr_expect(eq(int, err.kind, ERR_STATE));
    cr_expect(ne(ptr, strstr(err.text, "0x80100000 (taken by 'a')"), NULL));
    cr_expect(ne(ptr, strstr(err.text, "0x8010c000 (taken by 'd')"), NULL));
}

Test(layout, an_update_keeps_its_address_pair)
{
    blank_flash(&flash, &rv_board);
    cr_assert(install_slots("a", 0x2000, 4096));
    cr_assert(install_slots("b", 0x2000, 4096));
    cr_assert(uninstall(&flash, "a", &err));
    cr_assert(install_slots("b", 0x2400, 4096));
    cr_expect(eq(u32, offset_of(&flash, "b"), 0x4000));
}

Test(layout, flash_that_reaches_into_the_next_slot_blocks_it)
{
    blank_flash(&flash, &rv_board);
    cr_assert(install_slots("long", 0x5000, 4096));
    cr_assert(install_slots("b", 0x2000, 4096));
    cr_expect(eq(u32, offset_of(&flash, "b"), 0x8000));
}

Test(layout, ram_that_reaches_into_the_next_slot_blocks_it)
{
    blank_flash(&flash, &rv_board);
    cr_assert(install_slots("hungry", 0x2000, 0x5000));
    cr_assert(install_slots("b", 0x2000, 4096));
    cr_expect(eq(u32, offset_of(&flash, "b"), 0x8000));
}

Test(layout, the_share_of_the_kernel_counts_as_ram)
{
    blank_flash(&flash, &rv_board);
    cr_assert(install_slots("full", 0x2000, 0x4000));
    cr_assert(install_slots("b", 0x2000, 4096));
    cr_expect(eq(u32, offset_of(&flash, "b"), 0x8000));
}

Test(layout, a_ram_clash_is_explained)
{
    struct image image =
        make_image(&(struct app){.name = "b",
                                 .size = 0x1000,
                                 .fixed_flash = RV_START + 0x8080,
                                 .fixed_ram = RV_RAM});
    struct plan plan;

    blank_flash(&flash, &rv_board);
    cr_assert(install_slots("a", 0x2000, 4096));
    cr_assert(not(install(&flash, &image, 1, &plan, &err)));
    cr_expect(ne(ptr,
                 strstr(err.text, "0x80108000 (its RAM at 0x80300000 is "
                                  "needed by 'a')"),
                 NULL),
              "%s", err.text);
    free_image(&image);
}

/* The first app could take either slot, the second only the first one. */
Test(layout, several_new_apps_are_placed_so_that_all_find_room)
{
    struct image both[4], only[4];
    struct region region;
    struct plan plan;
    struct layout_wish wishes[] = {{.images = both, .count = 2},
                                   {.images = only, .count = 1}};
    struct layout_request request = {.wishes = wishes, .wish_count = 2};

    make_slots(both, "both", 0x2000, 4096);
    make_slots(only, "only", 0x2000, 4096);
    blank_flash(&flash, &rv_board);
    region_init(&region, flash.board, flash.bytes);
    cr_assert(change(&flash, &region, &request, &plan, &err));
    cr_expect(eq(u32, offset_of(&flash, "only"), 0));
    cr_expect(eq(u32, offset_of(&flash, "both"), 0x4000));
    plan_free(&plan);

    /* Two that both have only one slot: the text names the other one. */
    blank_flash(&flash, &rv_board);
    wishes[0].count = 1;
    cr_assert(not(change(&flash, &region, &request, &plan, &err)));
    cr_expect(ne(ptr, strstr(err.text, "'only'"), NULL));
    cr_expect(ne(ptr, strstr(err.text, "(taken by 'both')"), NULL), "%s",
              err.text);
    region_free(&region);
    free_slots(both);
    free_slots(only);
}

Test(layout, many_apps_for_few_slots_fail_soon)
{
    enum { APPS = 40 };
    struct image images[4];
    struct region region;
    struct plan plan;
    struct layout_wish wishes[APPS];
    struct layout_request request = {.wishes = wishes, .wish_count = APPS};

    make_slots(images, "app", 0x1000, 1024);
    blank_flash(&flash, &rv_board);
    for (int i = 0; i < APPS; i++)
        wishes[i] = (struct layout_wish){.images = images, .count = 4};
    region_init(&region, flash.board, flash.bytes);
    cr_assert(not(change(&flash, &region, &request, &plan, &err)));
    cr_expect(eq(int, err.kind, ERR_STATE));
    region_free(&region);
    free_slots(images);
}

Test(layout, an_app_linked_for_elsewhere_is_bad_input)
{
    struct app app = {.name = "far",
                      .size = 0x1000,
                      .fixed_flash = 0x20040080,
                      .fixed_ram = RV_RAM};

    blank_flash(&flash, &rv_board);
    cr_assert(not(install_app(&flash, &app, &err)));
    cr_expect(eq(int, err.kind, ERR_INPUT));
    cr_expect(ne(ptr, strstr(err.text, "outside the app region"), NULL));
    cr_expect(ne(ptr, strstr(err.hint, "0x80100000"), NULL));
}

Test(layout, an_address_that_can_never_be_mapped_is_bad_input)
{
    struct app app = {.name = "crooked",
                      .size = 0x1000,
                      .fixed_flash = ARM_START + 0x220 + FIXED_HEADER,
                      .fixed_ram = 0x20010000};

    blank_flash(&flash, &arm_board);
    cr_assert(install_app(&flash, APP("a", 0x1000), &err));
    cr_assert(not(install_app(&flash, &app, &err)));
    cr_expect(eq(int, err.kind, ERR_INPUT));
    cr_expect(ne(ptr, strstr(err.text, "cannot be mapped there"), NULL), "%s",
              err.text);
}

Test(layout, a_fixed_app_in_an_empty_region_gets_padding_in_front)
{
    struct app app = {.name = "far",
                      .size = 0x1000,
                      .fixed_flash = RV_START + 0x8080,
                      .fixed_ram = RV_RAM};

    blank_flash(&flash, &rv_board);
    cr_assert(install_app(&flash, &app, &err));
    cr_expect(eq(u32, offset_of(&flash, "far"), 0x8000));
    cr_assert(install_app(&flash, APP("pic", 0x1000), &err));
    cr_expect(eq(u32, offset_of(&flash, "pic"), 0));
}

/* --- long runs ------------------------------------------------------------ */

static uint32_t seed = 20261125;

static uint32_t any(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)seed * below) >> 32);
}

static void step(uint32_t version)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    const char *name = names[any(6)];
    struct app app = {
        .name = name, .size = 128 + 4 * any(2000), .version = version};

    err = (struct err){0};
    if (any(4) == 0 && offset_of(&flash, name) != REGION_SIZE)
        uninstall(&flash, name, &err);
    else if (flash.board == &rv_board && any(4) == 0)
        install_slots(name, app.size, 2048 + any(0x3000));
    else
        install_app(&flash, &app, &err);
    cr_expect(err.kind == ERR_NONE || err.kind == ERR_STATE, "%s", err.text);
}

Test(layout, no_run_of_changes_breaks_a_rule_on_pmp)
{
    blank_flash(&flash, &rv_board);
    for (uint32_t i = 0; i < 1500; i++)
        step(i);
}

Test(layout, no_run_of_changes_breaks_a_rule_on_arm)
{
    blank_flash(&flash, &arm_board);
    for (uint32_t i = 0; i < 1500; i++)
        step(i);
}

/* Flash with some bits wrong: whatever the walk finds, the rules hold. */
Test(layout, damaged_flash_loses_nothing_more)
{
    static const char *const names[] = {"a", "b", "c", "d"};

    for (uint32_t round = 0; round < 400; round++) {
        blank_flash(&flash, round % 2 == 0 ? &rv_board : &arm_board);
        for (int i = 0; i < 4; i++)
            put_app(&flash, APP(names[i], 1024u << any(4)));
        for (uint32_t bits = any(4) + 1; bits > 0; bits--)
            flash.bytes[any(3) == 0 ? any(16) : any(flash.end)] ^=
                (uint8_t)(1u << any(8));
        for (uint32_t i = 0; i < 4; i++)
            step(round);
    }
}

/* Nothing but noise, with words that look like the start of a header. */
Test(layout, noise_loses_nothing_more)
{
    for (uint32_t round = 0; round < 150; round++) {
        blank_flash(&flash, round % 2 == 0 ? &rv_board : &arm_board);
        for (uint32_t off = 0; off < REGION_SIZE; off += 8) {
            uint32_t head = 2 | (16 + any(64) * 4) << 16;
            uint32_t size = any(4) == 0 ? any(1u << 31) : 4 * any(600);

            memcpy(flash.bytes + off, &head, sizeof head);
            memcpy(flash.bytes + off + 4, &size, sizeof size);
        }
        for (uint32_t i = 0; i < 3; i++)
            step(round);
    }
}

Test(layout, the_largest_place_can_be_taken)
{
    for (uint32_t i = 0; i < 300; i++) {
        struct region region;
        uint32_t address, size;

        blank_flash(&flash, i % 2 == 0 ? &rv_board : &arm_board);
        for (uint32_t n = any(6); n > 0; n--)
            step(i);
        region_init(&region, flash.board, flash.bytes);
        bool is_room = layout_largest(&region, &address, &size);
        region_free(&region);
        if (is_room && size >= 128)
            cr_expect(install_app(&flash, APP("largest", size), &err), "%s",
                      err.text);
    }
}
