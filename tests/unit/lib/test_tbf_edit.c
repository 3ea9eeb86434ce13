/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/edit.h"

#include "base/attr.h"
#include "tests/unit/lib/image.h"

enum { BINARY = 200, MARK = 0x5a };

/* Program, kernel version 2.1, name "app"; binary of 200 marked bytes. */
static struct image app(uint32_t trailer, uint32_t total)
{
    struct image i = image_begin();
    uint32_t start = 16 + 24 + 8 + 8 + trailer;

    image_program(&i, trailer + 9, trailer, 4096, start + BINARY, 1);
    image_kernel_version(&i, 2, 1);
    image_entry(&i, 3, "app", 3);
    image_finish(&i, total);
    memset(i.bytes + start, MARK, BINARY);
    tbf_build_reserved(i.bytes + start + BINARY, total - start - BINARY);
    return i;
}

static struct tbf_header parsed(const struct image *i)
{
    struct tbf_header h;

    cr_assert(eq(int, tbf_parse(i->bytes, i->len, &h), TBF_OK));
    return h;
}

/* The binary is whole, and the entry point is 9 bytes behind its start. */
static void expect_binary(const struct image *i)
{
    struct tbf_header h = parsed(i);

    cr_assert(eq(u32, h.binary_end - h.protected_size, BINARY));
    cr_expect(eq(u32, h.init_offset - h.protected_size, 9));
    for (uint32_t at = h.protected_size; at < h.binary_end; at++)
        cr_assert(eq(u8, i->bytes[at], MARK));
}

static uint32_t room_of(const struct image *i)
{
    uint32_t room = 0;

    cr_assert(eq(int, tbf_footer_room(i->bytes, &room), TBF_EDIT_OK));
    return room;
}

static struct tbf_spec short_id(uint32_t id)
{
    return (struct tbf_spec){.has_short_id = true, .short_id = id};
}

static struct tbf_spec name(const char *text)
{
    return (struct tbf_spec){.name = text, .name_len = (uint16_t)strlen(text)};
}

Test(tbf_edit, an_entry_of_the_same_size_is_overwritten)
{
    struct image i = app(0, 512);
    struct tbf_spec spec = name("new");
    uint32_t missing;

    cr_assert(eq(int, tbf_put_entry(i.bytes, TBF_TYPE_NAME, &spec, &missing),
                 TBF_EDIT_OK));
    struct tbf_header h = parsed(&i);
    cr_expect(eq(u32, h.name_len, 3));
    cr_expect(zero(int, memcmp(h.name, "new", 3)));
    cr_expect(eq(u32, h.header_size, 56));
    expect_binary(&i);
    image_free(&i);
}

Test(tbf_edit, a_growing_header_takes_the_trailer_and_the_binary_stays)
{
    struct image i = app(16, 512);
    struct tbf_spec spec = short_id(0x1234);
    uint32_t missing;

    cr_assert(eq(int,
                 tbf_put_entry(i.bytes, TBF_TYPE_SHORT_ID, &spec, &missing),
                 TBF_EDIT_OK));
    struct tbf_header h = parsed(&i);
    cr_expect(eq(u32, h.short_id, 0x1234));
    cr_expect(eq(u32, h.header_size, 64));
    cr_expect(eq(u32, h.protected_size, 72));
    cr_expect(eq(u32, h.binary_end, 272));
    expect_binary(&i);
    image_free(&i);
}

Test(tbf_edit, a_growing_header_without_trailer_moves_the_binary)
{
    struct image i = app(4, 512);
    struct tbf_spec spec = short_id(0x1234);
    uint32_t missing;

    memset(i.bytes + 56, 0x77, 4); /* the trailer's bytes go with it */
    cr_assert(eq(int,
                 tbf_put_entry(i.bytes, TBF_TYPE_SHORT_ID, &spec, &missing),
                 TBF_EDIT_OK));
    struct tbf_header h = parsed(&i);
    cr_expect(eq(u32, h.header_size, 64));
    cr_expect(eq(u32, h.protected_size, 68));
    cr_expect(eq(u32, image_get32(&i, 64), 0x77777777));
    cr_expect(eq(u32, room_of(&i), 512 - 68 - BINARY));
    expect_binary(&i);
    image_free(&i);
}

Test(tbf_edit, a_moving_binary_takes_its_credentials_and_regions_along)
{
    struct image i = image_begin();
    uint32_t missing;
    struct tbf_spec spec = short_id(1);
    uint8_t digest[32];

    image_words(&i, 1, (uint32_t[]){9, 0, 4096}, 3);
    image_program(&i, 9, 0, 4096, 68 + BINARY, 1);
    image_words(&i, 2, (uint32_t[]){80, 16}, 2);
    image_finish(&i, 1024);
    memset(i.bytes + 68, MARK, BINARY);
    memset(digest, 0xd1, sizeof(digest));
    tbf_build_reserved(i.bytes + 268, 1024 - 268);
    cr_assert(
        eq(int, tbf_add_footer(i.bytes, 3, digest, 32, &missing), TBF_EDIT_OK));
    cr_assert(eq(int,
                 tbf_put_entry(i.bytes, TBF_TYPE_SHORT_ID, &spec, &missing),
                 TBF_EDIT_OK));

    struct tbf_header h = parsed(&i);
    struct tbf_footers walk = tbf_footers_start(&h, i.bytes);
    struct tbf_footer footer;
    uint32_t offset, size;

    expect_binary(&i);
    cr_assert(tbf_region(&h, 0, &offset, &size));
    cr_expect(eq(u32, offset, 88));
    cr_expect(eq(u32, image_get32(&i, 20), 9)); /* Main as Program */
    cr_assert(tbf_footers_next(&walk, &footer));
    cr_expect(eq(u32, footer.format, 3));
    cr_expect(zero(int, memcmp(footer.data, digest, 32)));
    cr_assert(tbf_footers_next(&walk, &footer));
    cr_expect(eq(u32, footer.format, 0));
    cr_expect(eq(u32, walk.offset, 1024));
    image_free(&i);
}

Test(tbf_edit, a_binary_linked_for_its_address_does_not_move)
{
    struct image i = app(8, 512);
    struct tbf_spec fixed = {.has_fixed_addresses = true,
                             .fixed_ram = 0x20000000,
                             .fixed_flash = 0x40040};
    uint32_t missing;
    struct tbf_spec spec = short_id(1);
    uint8_t before[512];

    /* 12 bytes do not fit the trailer; the app is not fixed yet: it moves. */
    cr_assert(eq(
        int, tbf_put_entry(i.bytes, TBF_TYPE_FIXED_ADDRESSES, &fixed, &missing),
        TBF_EDIT_OK));
    cr_assert(eq(int,
                 tbf_put_entry(i.bytes, TBF_TYPE_SHORT_ID, &spec, &missing),
                 TBF_EDIT_OK));
    memcpy(before, i.bytes, 512);
    spec = name("a longer name");
    cr_expect(eq(int, tbf_put_entry(i.bytes, TBF_TYPE_NAME, &spec, &missing),
                 TBF_EDIT_FIXED));
    cr_expect(zero(int, memcmp(before, i.bytes, 512)));
    expect_binary(&i);
    image_free(&i);
}

Test(tbf_edit, too_little_room_is_told_and_growing_helps)
{
    struct image i = app(0, 56 + BINARY + 4);
    struct tbf_spec spec = short_id(1);
    uint32_t missing = 0;

    cr_assert(eq(int,
                 tbf_put_entry(i.bytes, TBF_TYPE_SHORT_ID, &spec, &missing),
                 TBF_EDIT_NO_ROOM));
    cr_expect(eq(u32, missing, 4));
    expect_binary(&i);

    uint32_t size = tbf_grown_size(i.len, missing);
    cr_assert(eq(u32, size, i.len + 4));
    image_resize(&i, size);
    cr_assert(eq(int, tbf_grow(i.bytes, size), TBF_EDIT_OK));
    cr_expect(eq(int,
                 tbf_put_entry(i.bytes, TBF_TYPE_SHORT_ID, &spec, &missing),
                 TBF_EDIT_OK));
    expect_binary(&i);
    image_free(&i);
}

Test(tbf_edit, sizes_grow_by_the_rule_they_were_made_by)
{
    cr_expect(eq(u32, tbf_grown_size(4096, 1), 8192));
    cr_expect(eq(u32, tbf_grown_size(512, 600), 2048));
    cr_expect(eq(u32, tbf_grown_size(256, 10), 268));
    cr_expect(eq(u32, tbf_grown_size(1060, 72), 1132));
    cr_expect(eq(u32, tbf_grown_size(0x80000000, 1), 0));
    cr_expect(eq(u32, tbf_grown_size(0xfffffffc, 4), 0));
}

Test(tbf_edit, of_repeated_entries_one_stays)
{
    struct image i = image_begin();
    uint32_t missing;
    struct tbf_spec spec = short_id(9);

    image_words(&i, 10, (uint32_t[]){7}, 1);
    image_program(&i, 0, 0, 4096, 200, 1);
    image_words(&i, 10, (uint32_t[]){8}, 1);
    image_finish(&i, 200);
    cr_assert(eq(int,
                 tbf_put_entry(i.bytes, TBF_TYPE_SHORT_ID, &spec, &missing),
                 TBF_EDIT_OK));
    struct tbf_header h = parsed(&i);
    cr_expect(eq(u32, h.short_id, 9));
    cr_expect(eq(u32, h.header_size, 48));
    cr_expect(eq(u32, h.protected_size, 56)); /* where it was */
    cr_expect(eq(u32, image_get32(&i, 16), 4 << 16 | 10));
    image_free(&i);
}

Test(tbf_edit, a_removed_entry_leaves_its_bytes_to_the_trailer)
{
    struct image i = app(0, 512);

    cr_assert(eq(int, tbf_remove_entries(i.bytes, TBF_TYPE_NAME), TBF_EDIT_OK));
    struct tbf_header h = parsed(&i);
    cr_expect(eq(ptr, (void *)h.name, NULL));
    cr_expect(eq(u32, h.header_size, 48));
    cr_expect(eq(u32, h.protected_size, 56));
    cr_expect(zero(u32, image_get32(&i, 48)));
    expect_binary(&i);
    cr_expect(
        eq(int, tbf_remove_entries(i.bytes, TBF_TYPE_NAME), TBF_EDIT_NO_ENTRY));
    cr_expect(eq(int, tbf_remove_entries(i.bytes, TBF_TYPE_PROGRAM),
                 TBF_EDIT_REFUSED));
    image_free(&i);
}

Test(tbf_edit, a_header_does_not_pass_65532_bytes)
{
    static char text[65500];
    struct image i = app(65500, 70000);
    struct tbf_spec spec = {.name = text, .name_len = 65480};
    uint32_t missing;

    cr_expect(eq(int, tbf_put_entry(i.bytes, TBF_TYPE_NAME, &spec, &missing),
                 TBF_EDIT_OK));
    cr_expect(eq(u32, parsed(&i).header_size, 65532));
    spec.name_len = 65481;
    cr_expect(eq(int, tbf_put_entry(i.bytes, TBF_TYPE_NAME, &spec, &missing),
                 TBF_EDIT_HEADER_FULL));
    image_free(&i);
}

Test(tbf_edit, a_footer_comes_out_of_the_reserved_room)
{
    struct image i = app(0, 1024);
    uint8_t data[64];
    uint32_t missing;
    uint32_t end = 56 + BINARY;

    memset(data, 0xee, sizeof(data));
    cr_expect(eq(u32, room_of(&i), 1024 - end));
    cr_assert(
        eq(int, tbf_add_footer(i.bytes, 5, data, 64, &missing), TBF_EDIT_OK));
    cr_expect(eq(u32, image_get32(&i, end), 68 << 16 | 128));
    cr_expect(eq(u32, image_get32(&i, end + 4), 5));
    cr_expect(
        eq(u32, image_get32(&i, end + 72), (1024 - end - 72 - 4) << 16 | 128));
    cr_expect(zero(u32, image_get32(&i, end + 76)));
    expect_binary(&i);
    image_free(&i);
}

Test(tbf_edit, the_last_byte_of_room_can_be_used_and_no_more)
{
    for (uint32_t left = 0; left < 12; left += 4) {
        uint32_t start = 56 + BINARY;
        struct image i = app(0, start + 40 + left);
        uint8_t data[48] = {0};
        uint32_t missing = 0;

        cr_expect(eq(int, tbf_add_footer(i.bytes, 3, data, 33 + left, &missing),
                     TBF_EDIT_NO_ROOM));
        cr_expect(eq(u32, missing, 1));
        missing = 0;
        if (left < 8)
            cr_expect(eq(int, tbf_add_footer(i.bytes, 3, data, 40, &missing),
                         TBF_EDIT_NO_ROOM));
        cr_expect(eq(u32, missing, left < 8 ? 8 - left : 0));
        cr_expect(eq(int, tbf_add_footer(i.bytes, 3, data, 32, &missing),
                     TBF_EDIT_OK));
        cr_expect(eq(u32, room_of(&i), left));
        image_free(&i);
    }
}

Test(tbf_edit, formats_that_kernels_know_stand_first)
{
    struct image i = app(0, 1024);
    struct tbf_header h;
    struct tbf_footers walk;
    struct tbf_footer footer;
    uint8_t data[32] = {0};
    const uint32_t added[] = {0xf1, 3, 7, 6, 0x99};
    const uint32_t expected[] = {3, 6, 0xf1, 7, 0x99, 0};
    uint32_t missing;

    for (uint32_t n = 0; n < ARRAY_COUNT(added); n++) {
        uint8_t wide[64] = {0};

        cr_assert(
            eq(int,
               tbf_add_footer(i.bytes, added[n], added[n] == 6 ? wide : data,
                              added[n] == 6 ? 64 : 32, &missing),
               TBF_EDIT_OK));
    }
    h = parsed(&i);
    walk = tbf_footers_start(&h, i.bytes);
    for (uint32_t n = 0; n < ARRAY_COUNT(expected); n++) {
        cr_assert(tbf_footers_next(&walk, &footer));
        cr_expect(eq(u32, footer.format, expected[n]));
    }
    cr_expect(eq(u32, walk.offset, 1024));
    image_free(&i);
}

Test(tbf_edit, a_removed_footer_is_room_again)
{
    struct image i = app(0, 512);
    uint8_t before[512];
    uint8_t data[64];
    struct tbf_header h;
    struct tbf_footers walk;
    struct tbf_footer footer;
    uint32_t missing;

    memcpy(before, i.bytes, 512);
    memset(data, 3, sizeof(data));
    cr_assert(
        eq(int, tbf_add_footer(i.bytes, 3, data, 32, &missing), TBF_EDIT_OK));
    h = parsed(&i);
    walk = tbf_footers_start(&h, i.bytes);
    cr_assert(tbf_footers_next(&walk, &footer));
    cr_assert(eq(int, tbf_remove_footer(i.bytes, &footer), TBF_EDIT_OK));
    cr_expect(zero(int, memcmp(before, i.bytes, 512)));
    image_free(&i);
}

Test(tbf_edit, bytes_that_are_no_footer_are_not_overwritten)
{
    struct image i = app(0, 512);
    uint8_t data[32] = {0};
    uint32_t missing;
    uint32_t room;

    image_put(&i, 56 + BINARY, 77, 2); /* a footer of another type */
    cr_expect(eq(int, tbf_footer_room(i.bytes, &room), TBF_EDIT_FOOTERS));
    cr_expect(eq(int, tbf_add_footer(i.bytes, 3, data, 32, &missing),
                 TBF_EDIT_FOOTERS));
    memset(i.bytes + 56 + BINARY, 0x11, 512 - 56 - BINARY);
    cr_expect(eq(int, tbf_footer_room(i.bytes, &room), TBF_EDIT_FOOTERS));
    memset(i.bytes + 56 + BINARY, 0xff, 512 - 56 - BINARY);
    cr_expect(
        eq(int, tbf_add_footer(i.bytes, 3, data, 32, &missing), TBF_EDIT_OK));
    image_free(&i);
}

Test(tbf_edit, without_program_there_is_no_room)
{
    struct image i = image_begin();
    uint32_t room;
    uint32_t missing;
    struct tbf_spec spec = short_id(1);

    image_words(&i, 1, (uint32_t[]){0, 0, 100}, 3);
    image_finish(&i, 64);
    cr_expect(eq(int, tbf_footer_room(i.bytes, &room), TBF_EDIT_NO_PROGRAM));
    cr_expect(eq(int,
                 tbf_put_entry(i.bytes, TBF_TYPE_SHORT_ID, &spec, &missing),
                 TBF_EDIT_NO_PROGRAM));
    cr_expect(
        eq(int, tbf_remove_entries(i.bytes, TBF_TYPE_MAIN), TBF_EDIT_REFUSED));
    image_free(&i);
}

Test(tbf_edit, a_field_is_set_and_the_checksum_follows)
{
    struct image i = app(0, 512);

    cr_assert(eq(int,
                 tbf_set_field(i.bytes, TBF_TYPE_PROGRAM, "app_version", 77),
                 TBF_EDIT_OK));
    cr_expect(eq(u32, parsed(&i).version, 77));
    cr_assert(eq(int, tbf_set_field(i.bytes, TBF_BASE_HEADER, "flags", 3),
                 TBF_EDIT_OK));
    cr_expect(eq(u32, parsed(&i).flags, 3));
    cr_assert(eq(
        int, tbf_set_field(i.bytes, TBF_TYPE_KERNEL_VERSION, "kernel_minor", 9),
        TBF_EDIT_OK));
    cr_expect(eq(u32, parsed(&i).kernel_minor, 9));
    image_free(&i);
}

Test(tbf_edit, a_field_that_kernels_would_refuse_stays_as_it_is)
{
    static const struct {
        uint32_t type;
        const char *name;
        uint32_t value;
        enum tbf_edit status;
    } rows[] = {
        {TBF_BASE_HEADER, "version", 1, TBF_EDIT_REFUSED},
        {TBF_BASE_HEADER, "header_size", 16, TBF_EDIT_REFUSED},
        {TBF_BASE_HEADER, "header_size", 8, TBF_EDIT_REFUSED},
        {TBF_BASE_HEADER, "header_size", 65535, TBF_EDIT_REFUSED},
        {TBF_BASE_HEADER, "header_size", 65592, TBF_EDIT_REFUSED},
        {TBF_BASE_HEADER, "total_size", 516, TBF_EDIT_REFUSED},
        {TBF_BASE_HEADER, "total_size", 0, TBF_EDIT_REFUSED},
        {TBF_BASE_HEADER, "checksum", 5, TBF_EDIT_REFUSED},
        {TBF_TYPE_PROGRAM, "binary_end_offset", 513, TBF_EDIT_REFUSED},
        {TBF_TYPE_PROGRAM, "init_fn_offset", 0xffffffff, TBF_EDIT_REFUSED},
        {TBF_TYPE_KERNEL_VERSION, "kernel_major", 65536, TBF_EDIT_REFUSED},
        {TBF_TYPE_MAIN, "init_fn_offset", 0, TBF_EDIT_NO_ENTRY},
        {TBF_TYPE_PROGRAM, "nonsense", 0, TBF_EDIT_NO_ENTRY},
    };

    for (size_t n = 0; n < ARRAY_COUNT(rows); n++) {
        struct image i = app(0, 512);
        uint8_t before[512];

        memcpy(before, i.bytes, 512);
        cr_expect(eq(int,
                     tbf_set_field(i.bytes, rows[n].type, rows[n].name,
                                   rows[n].value),
                     rows[n].status),
                  "%s %u", rows[n].name, rows[n].value);
        cr_expect(zero(int, memcmp(before, i.bytes, 512)), "%s %u",
                  rows[n].name, rows[n].value);
        image_free(&i);
    }
}

Test(tbf_edit, of_main_and_program_the_first_counts)
{
    struct image i = image_begin();

    image_program(&i, 0, 0, 4096, 200, 1);
    image_program(&i, 0, 0, 4096, 200, 2);
    image_finish(&i, 200);
    cr_assert(eq(int,
                 tbf_set_field(i.bytes, TBF_TYPE_PROGRAM, "app_version", 7),
                 TBF_EDIT_OK));
    cr_expect(eq(u32, parsed(&i).version, 7));
    cr_expect(eq(u32, image_get32(&i, 40 + 4 + 16), 2));
    image_free(&i);
}

Test(tbf_edit, every_status_has_a_text)
{
    for (uint32_t n = 0; n <= TBF_EDIT_REFUSED; n++)
        cr_expect(ne(str, (char *)tbf_edit_text(n), "unknown status"));
    cr_expect(eq(str, (char *)tbf_edit_text(99), "unknown status"));
}
