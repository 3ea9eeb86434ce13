/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "fixture.h"

TestSuite(region, .timeout = 20);

static struct flash flash;
static struct region region;

static void read_region(void)
{
    region_init(&region, flash.board, flash.bytes);
}

static void two_apps(void)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("one", 1024));
    put_app(&flash, APP("two", 512));
}

Test(region, erased_flash_is_an_empty_list_with_a_blank_tail)
{
    blank_flash(&flash, &rv_board);
    read_region();
    cr_expect(zero(sz, region.count));
    cr_expect(eq(u32, region.end, RV_START));
    cr_expect(eq(int, region.tail, REGION_TAIL_BLANK));
    region_free(&region);
}

Test(region, apps_and_padding_are_told_apart)
{
    two_apps();
    put_padding(&flash, 256);
    read_region();
    cr_assert(eq(sz, region.count, 3));
    cr_expect(region_is_app(&region.objects[0]));
    cr_expect(region_is_named(&region.objects[1].header, "two", 3));
    cr_expect(not(region_is_named(&region.objects[1].header, "tw", 2)));
    cr_expect(region_is_padding(&region.objects[2]));
    cr_expect(eq(u32, region.objects[2].address, RV_START + 1536));
    cr_expect(eq(u32, region.end, RV_START + 1792));
    region_free(&region);
}

Test(region, a_damaged_header_does_not_hide_the_apps_behind_it)
{
    two_apps();
    flash.bytes[12] ^= 1; /* checksum */
    read_region();
    cr_assert(eq(sz, region.count, 2));
    cr_expect(eq(int, region.objects[0].status, TBF_BAD_CHECKSUM));
    cr_expect(not(region_is_app(&region.objects[0])));
    cr_expect(not(region_is_padding(&region.objects[0])));
    cr_expect(region_is_named(&region.objects[1].header, "two", 3));
    region_free(&region);
}

Test(region, an_app_with_a_wrong_entry_point_still_has_its_name)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("lost", 512));
    /* The same bit of the same word in Main and in Program: the checksum, an
     * XOR, stays right. */
    flash.bytes[16 + 4 + 3] ^= 0x40;
    flash.bytes[32 + 4 + 3] ^= 0x40;
    read_region();
    cr_assert(eq(sz, region.count, 1));
    cr_expect(eq(int, region.objects[0].status, TBF_BAD_ENTRY_POINT));
    cr_expect(region_is_app(&region.objects[0]));
    cr_expect(region_is_named(&region.objects[0].header, "lost", 4));
    region_free(&region);
}

Test(region, apps_without_a_name_have_no_name_in_common)
{
    const struct tbf_header nameless = {0};

    cr_expect(not(region_is_named(&nameless, "", 0)));
}

Test(region, a_zero_byte_over_old_bytes_is_an_end_that_a_loader_set)
{
    two_apps();
    put_app(&flash, APP("old", 512));
    put_app(&flash, APP("older", 512));
    flash.bytes[1536] = 0; /* where "old" starts */
    read_region();
    cr_expect(eq(u32, region.end, RV_START + 1536));
    cr_expect(eq(int, region.tail, REGION_TAIL_FREE));
    region_free(&region);
}

Test(region, zeros_behind_the_end_are_worth_nothing)
{
    two_apps();
    memset(flash.bytes + 1536, 0, REGION_SIZE - 1536);
    read_region();
    cr_expect(eq(int, region.tail, REGION_TAIL_FREE));
    region_free(&region);
}

Test(region, a_lost_header_with_an_app_behind_it_is_noticed)
{
    two_apps();
    put_app(&flash, APP("hidden", 1024));
    memset(flash.bytes + 1024, 0, 64); /* the header of "two" */
    read_region();
    cr_expect(eq(u32, region.end, RV_START + 1024));
    cr_expect(eq(int, region.tail, REGION_TAIL_UNKNOWN));
    cr_assert(region.has_hidden);
    cr_expect(eq(u32, region.hidden.address, RV_START + 1536));
    cr_expect(region_is_named(&region.hidden.header, "hidden", 6));
    region_free(&region);
}

Test(region, a_page_that_was_erased_under_the_list_is_noticed)
{
    two_apps();
    memset(flash.bytes, 0xff, 1024); /* the whole of "one" */
    read_region();
    cr_expect(zero(sz, region.count));
    cr_expect(eq(int, region.tail, REGION_TAIL_UNKNOWN));
    cr_expect(region.has_hidden);
    region_free(&region);
}

Test(region, strange_bytes_behind_the_end_are_unknown)
{
    two_apps();
    flash.bytes[REGION_SIZE - 1] = 0x5a;
    read_region();
    cr_expect(eq(int, region.tail, REGION_TAIL_UNKNOWN));
    cr_expect(not(region.has_hidden));
    region_free(&region);
}

Test(region, an_object_longer_than_the_region_ends_the_list)
{
    two_apps();
    tbf_build_padding(flash.bytes + 1536, REGION_SIZE);
    read_region();
    cr_expect(eq(int, region.end_status, TBF_BEYOND));
    cr_expect(eq(u32, region.end, RV_START + 1536));
    cr_expect(eq(int, region.tail, REGION_TAIL_UNKNOWN));
    cr_expect(ne(ptr,
                 strstr(region_tail_text(&region).text,
                        "0x80100600 in a damaged header: total size"),
                 NULL));
    region_free(&region);
}

Test(region, a_region_full_of_apps_has_no_tail)
{
    blank_flash(&flash, &rv_board);
    put_app(&flash, APP("all", REGION_SIZE));
    read_region();
    cr_expect(eq(u32, region.end, region_limit(&region)));
    cr_expect(eq(int, region.tail, REGION_TAIL_BLANK));
    region_free(&region);
}
