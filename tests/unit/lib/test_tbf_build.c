/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/build.h"

#include "base/attr.h"
#include "base/le.h"
#include "tests/unit/lib/image.h"

/* The worked example of docs/tbf.md §9, byte by byte. */
static const uint8_t example[160] = {
    0x02, 0x00, 0xa0, 0x00, 0x00, 0x10, 0x00, 0x00, /* base header */
    0x00, 0x00, 0x00, 0x00, 0x1a, 0x4c, 0xd7, 0x3c, /**/
    0x01, 0x00, 0x0c, 0x00, 0x89, 0x07, 0x00, 0x00, /* Main */
    0x60, 0x07, 0x00, 0x00, 0x6c, 0x03, 0x00, 0x00, /**/
    0x09, 0x00, 0x14, 0x00, 0x89, 0x07, 0x00, 0x00, /* Program */
    0x60, 0x07, 0x00, 0x00, 0x6c, 0x03, 0x00, 0x00, /**/
    0xb4, 0x08, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, /**/
    0x03, 0x00, 0x08, 0x00, 'f',  'u',  'l',  'l',  /* name */
    ' ',  'a',  'p',  'p',  0x05, 0x00, 0x08, 0x00, /* fixed addresses */
    0x00, 0x40, 0x00, 0x20, 0x80, 0x00, 0x04, 0x00, /**/
    0x06, 0x00, 0x22, 0x00, 0x02, 0x00, 0x01, 0x00, /* permissions */
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, /**/
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, /**/
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x40, 0x00, /**/
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /**/
    0x07, 0x00, 0x14, 0x00, 0x01, 0x00, 0x00, 0x00, /* storage */
    0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x02, 0x00, /**/
    0x03, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, /**/
    0x08, 0x00, 0x04, 0x00, 0x02, 0x00, 0x02, 0x00, /* kernel version */
    0x0a, 0x00, 0x04, 0x00, 0x63, 0x00, 0x00, 0x00, /* short id */
};

static const struct tbf_permission_spec permissions[] = {{1, 0, 1},
                                                         {2, 1, 0x40}};
static const uint32_t read_ids[] = {2};
static const uint32_t modify_ids[] = {3, 4};

static const struct tbf_spec full = {
    .flags = 0,
    .total_size = 4096,
    .init_offset = 160 + 0x789,
    .protected_size = 160 + 0x760,
    .minimum_ram = 0x36c,
    .binary_end = 0x8b4,
    .version = 3,
    .name = "full app",
    .name_len = 8,
    .has_fixed_addresses = true,
    .fixed_ram = 0x20004000,
    .fixed_flash = 0x40080,
    .permissions = permissions,
    .permission_count = ARRAY_COUNT(permissions),
    .has_storage = true,
    .write_id = 1,
    .read_ids = read_ids,
    .read_count = ARRAY_COUNT(read_ids),
    .modify_ids = modify_ids,
    .modify_count = ARRAY_COUNT(modify_ids),
    .has_kernel_version = true,
    .kernel_major = 2,
    .kernel_minor = 2,
    .has_short_id = true,
    .short_id = 99,
};

static const struct tbf_spec least = {
    .flags = TBF_FLAG_ENABLED,
    .total_size = 512,
    .init_offset = 57,
    .protected_size = 56,
    .binary_end = 300,
};

/* Builds into exactly len bytes; the caller frees them. */
static uint8_t *build(const struct tbf_spec *spec, size_t len, bool *is_built)
{
    uint8_t *buf = malloc(len == 0 ? 1 : len);

    cr_assert(ne(ptr, buf, NULL));
    memset(buf, 0xa5, len);
    *is_built = tbf_build_header(spec, buf, len);
    return buf;
}

Test(tbf_build, the_worked_example_is_written_byte_by_byte)
{
    bool is_built;
    uint8_t *buf = build(&full, sizeof(example), &is_built);

    cr_assert(is_built);
    for (size_t at = 0; at < sizeof(example); at++)
        cr_expect(eq(u8, buf[at], example[at]), "byte 0x%zx", at);
    free(buf);
}

Test(tbf_build, the_least_header_has_main_and_program)
{
    bool is_built;
    uint8_t *buf = build(&least, 56, &is_built);
    struct tbf_header h;

    cr_assert(is_built);
    cr_expect(eq(u32, tbf_header_size(&least), 56));
    cr_assert(eq(int, tbf_parse_part(buf, 56, 512, &h), TBF_OK));
    cr_expect(eq(u32, h.init_offset, 57));
    cr_expect(eq(u32, h.protected_size, 56));
    free(buf);
}

Test(tbf_build, all_regions_go_into_one_entry)
{
    static const struct tbf_region_spec regions[] = {{100, 8}, {200, 16}};
    struct tbf_spec spec = least;
    struct tbf_header h;
    uint32_t offset;
    uint32_t size;
    bool is_built;
    uint8_t *buf;

    spec.regions = regions;
    spec.region_count = 2;
    spec.protected_size = spec.init_offset = 76;
    buf = build(&spec, 76, &is_built);
    cr_assert(is_built);
    cr_assert(eq(int, tbf_parse_part(buf, 76, 512, &h), TBF_OK));
    cr_assert(eq(u32, tbf_region_count(&h), 2));
    cr_expect(tbf_region(&h, 1, &offset, &size));
    cr_expect(all(eq(u32, offset, 200), eq(u32, size, 16)));
    free(buf);
}

Test(tbf_build, each_region_has_its_entry_when_asked_for)
{
    static const struct tbf_region_spec regions[] = {{100, 8}, {200, 16}};
    struct tbf_spec spec = least;
    struct tbf_header h;
    uint32_t offset;
    uint32_t size;
    bool is_built;
    uint8_t *buf;

    spec.regions = regions;
    spec.region_count = 2;
    spec.has_entry_per_region = true;
    spec.protected_size = spec.init_offset = 80;
    cr_expect(eq(u32, tbf_header_size(&spec), 80));
    buf = build(&spec, 80, &is_built);
    cr_assert(is_built);
    cr_assert(eq(int, tbf_parse_part(buf, 80, 512, &h), TBF_OK));
    cr_assert(eq(u32, tbf_region_count(&h), 1));
    cr_expect(tbf_region(&h, 0, &offset, &size));
    cr_expect(all(eq(u32, offset, 200), eq(u32, size, 16)));
    cr_expect(zero(int, memcmp(buf + 56, "\x02\0\x08\0\x64\0\0\0\x08", 9)));
    free(buf);
}

Test(tbf_build, name_lengths_are_padded_with_zeros)
{
    for (uint16_t len = 0; len <= 9; len++) {
        struct tbf_spec spec = least;
        uint32_t size = 60 + (len + 3u) / 4 * 4;
        struct tbf_header h;
        bool is_built;
        uint8_t *buf;

        spec.name = "abcdefghi";
        spec.name_len = len;
        spec.protected_size = spec.init_offset = size;
        cr_expect(eq(u32, tbf_header_size(&spec), size));
        buf = build(&spec, size, &is_built);
        cr_assert(is_built);
        cr_assert(eq(int, tbf_parse_part(buf, size, 512, &h), TBF_OK));
        cr_expect(eq(u32, h.name_len, len));
        cr_expect(eq(int, memcmp(h.name, "abcdefghi", len), 0));
        for (uint32_t at = 60 + len; at < size; at++)
            cr_expect(eq(u8, buf[at], 0));
        free(buf);
    }
}

Test(tbf_build, a_header_that_does_not_fit_is_not_written)
{
    for (size_t len = 0; len < sizeof(example); len++) {
        bool is_built;
        uint8_t *buf = build(&full, len, &is_built);

        cr_expect(not(is_built));
        for (size_t at = 0; at < len; at++)
            cr_assert(eq(u8, buf[at], 0xa5));
        free(buf);
    }
}

Test(tbf_build, app_start_and_entry_point_lie_behind_the_header)
{
    struct tbf_spec spec = least;
    uint8_t buf[56];

    spec.protected_size = 55;
    cr_expect(not(tbf_build_header(&spec, buf, sizeof(buf))));
    spec.protected_size = 56;
    spec.init_offset = 55;
    cr_expect(not(tbf_build_header(&spec, buf, sizeof(buf))));
    spec.init_offset = 56;
    cr_expect(tbf_build_header(&spec, buf, sizeof(buf)));
}

Test(tbf_build, a_header_is_at_most_65532_bytes)
{
    struct tbf_spec spec = least;

    /* 56 + 4 + 8 * 8184 = 65532 */
    spec.region_count = 8184;
    cr_expect(eq(u32, tbf_header_size(&spec), 65532));
    spec.region_count = 8185;
    cr_expect(eq(u32, tbf_header_size(&spec), 0));
    spec.region_count = 0x20000000; /* 8 times this is 0 in 32 bits */
    cr_expect(eq(u32, tbf_header_size(&spec), 0));
    spec.region_count = 0;
    spec.permission_count = 0x10000000;
    cr_expect(eq(u32, tbf_header_size(&spec), 0));
    spec.permission_count = 0;
    spec.has_storage = true;
    spec.read_count = 0x80000000;
    spec.modify_count = 0x80000000;
    cr_expect(eq(u32, tbf_header_size(&spec), 0));
}

Test(tbf_build, a_footer_is_written_where_there_is_room)
{
    static const uint8_t digest[32] = {1, 2, 3};
    uint8_t buf[48];

    memset(buf, 0xa5, sizeof(buf));
    cr_expect(eq(u32, tbf_footer_size(32), 40));
    cr_expect(not(tbf_build_footer(buf, 39, 3, digest, 32)));
    cr_expect(eq(u8, buf[0], 0xa5));
    cr_assert(tbf_build_footer(buf, 40, 3, digest, 32));
    cr_expect(eq(int, memcmp(buf, "\x80\0\x24\0\3\0\0\0\1\2\3", 11), 0));
    cr_expect(eq(u8, buf[40], 0xa5));
    cr_expect(tbf_build_footer(buf, 8, 0, NULL, 0));
    cr_expect(not(tbf_build_footer(buf, 7, 0, NULL, 0)));
}

Test(tbf_build, a_footer_holds_at_most_65531_bytes)
{
    uint8_t *data = calloc(65532, 1);
    uint8_t *buf = malloc(65540);

    cr_expect(tbf_build_footer(buf, 65540, 99, data, 65531));
    cr_expect(eq(int, memcmp(buf, "\x80\0\xff\xff\x63\0\0\0", 8), 0));
    cr_expect(not(tbf_build_footer(buf, 65540, 99, data, 65532)));
    cr_expect(not(tbf_build_footer(buf, 65540, 99, data, 0xffffffff)));
    free(data);
    free(buf);
}

/* Room bytes between binary and end are Reserved footers without gaps. */
static void check_reserved(uint32_t room)
{
    struct tbf_header h = {.binary_end = 4, .total_size = 4 + room};
    struct tbf_footers walk;
    struct tbf_footer footer;
    uint8_t *buf = malloc(4 + room);
    uint32_t count = 0;

    memset(buf, 0xa5, 4 + room);
    tbf_build_reserved(buf + 4, room);
    walk = tbf_footers_start(&h, buf);
    for (; tbf_footers_next(&walk, &footer); count++) {
        cr_assert(eq(u32, footer.format, TBF_CREDENTIAL_RESERVED));
        for (uint32_t n = 0; n < footer.len; n++)
            if (footer.data[n] != 0)
                cr_fatal("room %u: not zero", room);
    }
    cr_expect(eq(u32, walk.offset, room < 8 ? 4 : 4 + room), "room %u", room);
    for (uint32_t at = walk.offset; at < 4 + room; at++)
        cr_expect(eq(u8, buf[at], 0));
    cr_expect(eq(u32, count,
                 room < 8        ? 0
                 : room <= 65539 ? 1
                                 : 2 + (room - 65540) / 65528));
    free(buf);
}

Test(tbf_build, a_reserved_footer_may_be_cut_to_what_its_length_can_say)
{
    enum { ROOM = 70000 };
    uint8_t *buf = malloc(ROOM);

    memset(buf, 0xa5, ROOM);
    tbf_build_reserved_cut(buf, ROOM);
    cr_expect(eq(u16, le16_load(buf), TBF_TYPE_CREDENTIALS));
    cr_expect(eq(u16, le16_load(buf + 2), (ROOM - 4) & 0xffff));
    for (uint32_t at = 4; at < ROOM; at++)
        if (buf[at] != 0)
            cr_fatal("byte %u is not zero", at);
    memset(buf, 0xa5, 8);
    tbf_build_reserved_cut(buf, 7);
    cr_expect(zero(int, memcmp(buf, "\0\0\0\0\0\0\0\xa5", 8)));
    free(buf);
}

Test(tbf_build, reserved_footers_fill_any_room)
{
    for (uint32_t room = 0; room < 300; room++)
        check_reserved(room);
    for (uint32_t room = 65500; room < 65600; room++)
        check_reserved(room);
    for (uint32_t room = 2 * 65528; room < 2 * 65539 + 10; room++)
        check_reserved(room);
    check_reserved(1000000);
}

Test(tbf_build, padding_is_a_base_header)
{
    uint8_t buf[16];
    struct tbf_header h;

    tbf_build_padding(buf, 0x1230);
    cr_expect(
        eq(int, memcmp(buf, "\2\0\x10\0\x30\x12\0\0\0\0\0\0\x32\x12\x10\0", 16),
           0));
    cr_assert(eq(int, tbf_parse_part(buf, 16, 0x1230, &h), TBF_OK));
    cr_expect(h.is_padding);
}

Test(tbf_build, flags_change_in_place)
{
    struct image i = image_app("app", 128);
    struct tbf_header h;

    for (uint32_t flags = 0; flags < 4; flags++) {
        tbf_set_flags(i.bytes, flags);
        cr_assert(eq(int, tbf_parse(i.bytes, i.len, &h), TBF_OK));
        cr_expect(eq(u32, h.flags, flags));
    }
    image_free(&i);
}
