/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/tbf.h"

#include "base/attr.h"
#include "tests/unit/lib/image.h"

static enum tbf_status parse(const struct image *i, struct tbf_header *h)
{
    return tbf_parse(i->bytes, i->len, h);
}

/* Status of an object whose header is what the caller has begun. */
static enum tbf_status finish_and_parse(struct image *i, uint32_t total)
{
    struct tbf_header h;
    enum tbf_status status;

    image_finish(i, total);
    status = parse(i, &h);
    if (status != TBF_END_BAD)
        cr_expect(eq(u32, h.total_size, total));
    image_free(i);
    return status;
}

/* Status of an app with these Program words; header_size is 40. */
static enum tbf_status with_program(uint32_t init, uint32_t trailer,
                                    uint32_t binary_end, uint32_t total)
{
    struct image i = image_begin();

    image_program(&i, init, trailer, 100, binary_end, 0);
    return finish_and_parse(&i, total);
}

/* Status of an app that has one more entry. */
static enum tbf_status with_entry(uint32_t type, const void *data, uint32_t len)
{
    struct image i = image_begin();

    image_program(&i, 0, 0, 100, 256, 0);
    image_entry(&i, type, data, len);
    return finish_and_parse(&i, 256);
}

static enum tbf_status with_name(const char *bytes, uint32_t len)
{
    return with_entry(TBF_TYPE_NAME, bytes, len);
}

Test(tbf_parse, all_fields_of_a_full_header_are_read)
{
    struct image i = image_begin();
    struct tbf_header h;

    image_words(&i, 1, (uint32_t[]){5, 6, 7}, 3);
    image_program(&i, 0x21, 0x20, 4096, 0x180, 3);
    image_entry(&i, 3, "an app", 6);
    image_words(&i, 5, (uint32_t[]){0x20004000, 0x40080}, 2);
    image_kernel_version(&i, 2, 1);
    image_words(&i, 10, (uint32_t[]){99}, 1);
    image_finish(&i, 0x200);
    cr_assert(eq(int, parse(&i, &h), TBF_OK));
    cr_expect(eq(ptr, (void *)h.bytes, i.bytes));
    cr_expect(eq(u32, h.header_size, i.header_size));
    cr_expect(eq(u32, h.total_size, 0x200));
    cr_expect(eq(u32, h.flags, TBF_FLAG_ENABLED));
    cr_expect(not(h.is_padding));
    cr_expect(h.has_program);
    cr_expect(eq(u32, h.init_offset, i.header_size + 0x21));
    cr_expect(eq(u32, h.protected_size, i.header_size + 0x20));
    cr_expect(eq(u32, h.minimum_ram, 4096));
    cr_expect(eq(u32, h.binary_end, 0x180));
    cr_expect(eq(u32, h.version, 3));
    cr_expect(eq(u32, h.name_len, 6));
    cr_expect(eq(int, memcmp(h.name, "an app", 6), 0));
    cr_expect(eq(u32, h.fixed_ram, 0x20004000));
    cr_expect(eq(u32, h.fixed_flash, 0x40080));
    cr_expect(h.has_kernel_version);
    cr_expect(eq(u32, h.kernel_major, 2));
    cr_expect(eq(u32, h.kernel_minor, 1));
    cr_expect(eq(u32, h.short_id, 99));
    image_free(&i);
}

Test(tbf_parse, main_alone_ends_the_binary_at_total_size)
{
    struct image i = image_begin();
    struct tbf_header h;

    image_words(&i, 1, (uint32_t[]){1, 0, 77}, 3);
    image_finish(&i, 64);
    cr_assert(eq(int, parse(&i, &h), TBF_OK));
    cr_expect(not(h.has_program));
    cr_expect(eq(u32, h.binary_end, 64));
    cr_expect(eq(u32, h.minimum_ram, 77));
    cr_expect(eq(u32, h.version, 0));
    image_free(&i);
}

Test(tbf_parse, what_is_absent_reads_as_absent)
{
    struct image i = image_begin();
    struct tbf_header h;

    image_program(&i, 0, 0, 0, 64, 0);
    image_finish(&i, 64);
    cr_assert(eq(int, parse(&i, &h), TBF_OK));
    cr_expect(eq(ptr, (void *)h.name, NULL));
    cr_expect(eq(u32, h.fixed_ram, TBF_NOT_FIXED));
    cr_expect(eq(u32, h.fixed_flash, TBF_NOT_FIXED));
    cr_expect(not(h.has_kernel_version));
    cr_expect(eq(u32, h.short_id, 0));
    cr_expect(eq(u32, tbf_region_count(&h), 0));
    cr_expect(eq(u32, tbf_permission_count(&h), 0));
    image_free(&i);
}

Test(tbf_parse, the_last_of_repeated_entries_counts)
{
    struct image i = image_begin();
    struct tbf_header h;

    image_program(&i, 0, 0, 0, 256, 0);
    image_entry(&i, 3, "one", 3);
    image_kernel_version(&i, 1, 9);
    image_words(&i, 5, (uint32_t[]){1, 2}, 2);
    image_words(&i, 10, (uint32_t[]){1}, 1);
    image_entry(&i, 3, "last", 4);
    image_kernel_version(&i, 2, 0);
    image_words(&i, 5, (uint32_t[]){3, 4}, 2);
    image_words(&i, 10, (uint32_t[]){2}, 1);
    image_finish(&i, 256);
    cr_assert(eq(int, parse(&i, &h), TBF_OK));
    cr_expect(eq(int, memcmp(h.name, "last", 4), 0));
    cr_expect(eq(u32, h.kernel_major, 2));
    cr_expect(eq(u32, h.fixed_ram, 3));
    cr_expect(eq(u32, h.short_id, 2));
    image_free(&i);
}

Test(tbf_parse, the_first_program_counts_and_a_second_is_not_checked)
{
    struct image i = image_begin();
    struct tbf_header h;

    image_program(&i, 0, 0, 11, 256, 0);
    image_program(&i, 0, 0, 22, 9999, 0);
    image_entry(&i, 9, "odd", 3);
    image_finish(&i, 256);
    cr_assert(eq(int, parse(&i, &h), TBF_OK));
    cr_expect(eq(u32, h.minimum_ram, 11));
    image_free(&i);
}

Test(tbf_parse, unknown_types_and_footer_types_in_a_header_are_skipped)
{
    cr_expect(eq(int, with_entry(77, "abc", 3), TBF_OK));
    cr_expect(eq(int, with_entry(4, "", 0), TBF_OK));
    cr_expect(eq(int, with_entry(128, "", 0), TBF_OK));
    cr_expect(eq(int, with_entry(0x8000, "abcdefgh", 8), TBF_OK));
}

Test(tbf_parse, what_does_not_begin_an_object_is_the_normal_end)
{
    struct image i = image_app("app", 128);
    struct tbf_header h;

    for (size_t len = 0; len < 8; len++) {
        uint8_t *exact = malloc(len + (len == 0));

        memcpy(exact, i.bytes, len);
        cr_expect(eq(int, tbf_parse(exact, len, &h), TBF_END));
        cr_expect(eq(u32, h.total_size, 0));
        free(exact);
    }
    for (uint32_t version = 0; version < 0x10000; version++) {
        image_put(&i, 0, version, 2);
        cr_assert(eq(int, parse(&i, &h) == TBF_END, version != 2));
    }
    image_free(&i);
}

Test(tbf_parse, a_total_size_that_cannot_be_stepped_over_ends_the_list_badly)
{
    struct image i = image_app("app", 128);
    struct tbf_header h;

    for (uint32_t total = 0; total <= 128; total++) {
        image_put(&i, 4, total, 4);
        cr_expect(
            eq(int, parse(&i, &h) == TBF_END_BAD, total < 16 || total % 4 != 0),
            "total_size %u", total);
    }
    image_free(&i);
}

Test(tbf_parse, an_object_longer_than_the_region_ends_the_list)
{
    struct image i = image_app("app", 128);
    struct tbf_header h;

    cr_expect(eq(int, tbf_parse(i.bytes, 127, &h), TBF_BEYOND));
    cr_expect(eq(u32, h.total_size, 128));
    image_put(&i, 4, 0xfffffffc, 4);
    cr_expect(eq(int, parse(&i, &h), TBF_BEYOND));
    image_free(&i);
}

Test(tbf_parse, header_sizes_that_contradict_the_rest_are_refused)
{
    struct image i = image_app("app", 128);
    struct tbf_header h;

    for (uint32_t size = 0; size < 0x10000; size++) {
        bool is_bad = size < 16 || size > 128 || size % 4 != 0;

        i.header_size = is_bad ? 0 : size;
        image_put(&i, 2, size, 2);
        image_checksum(&i);
        cr_assert(eq(int, parse(&i, &h) == TBF_BAD_HEADER_SIZE, is_bad),
                  "header_size %u", size);
    }
    image_free(&i);
}

Test(tbf_parse, a_reader_of_parts_is_told_how_much_it_needs)
{
    struct image i = image_app("app", 4096);
    struct tbf_header h;

    for (uint32_t len = 8; len < i.header_size; len++) {
        uint8_t *exact = malloc(len);

        memcpy(exact, i.bytes, len);
        cr_expect(
            eq(int, tbf_parse_part(exact, len, i.len, &h), TBF_TRUNCATED));
        cr_expect(eq(u32, h.header_size, i.header_size));
        cr_expect(
            eq(int, tbf_parse_part(exact, len, i.len - 1, &h), TBF_BEYOND));
        free(exact);
    }
    image_resize(&i, i.header_size);
    cr_expect(eq(int, tbf_parse_part(i.bytes, i.len, 4096, &h), TBF_OK));
    cr_expect(eq(u32, h.total_size, 4096));
    image_free(&i);
}

Test(tbf_parse, every_flipped_bit_of_a_header_is_refused)
{
    struct image i = image_app("every bit", 128);
    struct tbf_header h;

    cr_assert(eq(int, parse(&i, &h), TBF_OK));
    for (uint32_t bit = 0; bit < 8 * i.header_size; bit++) {
        i.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        cr_expect(ne(int, parse(&i, &h), TBF_OK), "bit %u", bit);
        i.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    image_free(&i);
}

Test(tbf_parse, a_wrong_checksum_is_named)
{
    struct image i = image_app("app", 128);
    struct tbf_header h;

    i.bytes[12] ^= 1;
    cr_expect(eq(int, parse(&i, &h), TBF_BAD_CHECKSUM));
    cr_expect(eq(u32, h.total_size, 128));
    image_free(&i);
}

Test(tbf_parse, the_checksum_leaves_out_its_own_word_and_loose_bytes)
{
    static const uint8_t bytes[23] = {1, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0,
                                      9, 9, 9, 9, 0, 0, 0, 8, 7, 7, 7};

    cr_expect(eq(u32, tbf_checksum(bytes, 0), 0));
    cr_expect(eq(u32, tbf_checksum(bytes, 3), 0));
    cr_expect(eq(u32, tbf_checksum(bytes, 16), 7));
    cr_expect(eq(u32, tbf_checksum(bytes, 20), 0x08000007));
    cr_expect(eq(u32, tbf_checksum(bytes, 23), 0x08000007));
}

Test(tbf_parse, a_header_without_entries_is_padding)
{
    struct image i = image_begin();
    struct tbf_header h;

    image_finish(&i, 64);
    memset(i.bytes + 16, 0xa5, 48);
    cr_assert(eq(int, parse(&i, &h), TBF_OK));
    cr_expect(h.is_padding);
    cr_expect(eq(u32, h.total_size, 64));
    cr_expect(eq(u32, h.binary_end, 0));
    image_free(&i);
}

Test(tbf_parse, entries_without_a_program_are_refused)
{
    struct image i = image_begin();

    image_entry(&i, 3, "name", 4);
    image_kernel_version(&i, 2, 1);
    cr_expect(eq(int, finish_and_parse(&i, 128), TBF_NO_PROGRAM));
}

Test(tbf_parse, an_entry_that_passes_the_header_is_refused)
{
    struct image i = image_app("abcd", 128);
    uint32_t at = i.header_size - 8; /* the name's */
    struct tbf_header h;

    for (uint32_t len = 0; len < 0x10000; len++) {
        image_put(&i, at + 2, len, 2);
        image_checksum(&i);
        /* length 0 leaves "abcd" as a header of type 0x6261 that is far too
         * long; 1 to 4 take it with their padding */
        cr_assert(eq(int, parse(&i, &h),
                     len >= 1 && len <= 4 ? TBF_OK : TBF_BAD_ENTRIES),
                  "length %u", len);
    }
    image_free(&i);
}

Test(tbf_parse, entries_of_fixed_length_have_it)
{
    static const struct {
        uint32_t type, len;
    } right[] = {{5, 8}, {8, 4}, {10, 4}};
    static const uint8_t zeros[64];

    for (size_t n = 0; n < ARRAY_COUNT(right); n++)
        for (uint32_t len = 0; len < 64; len++)
            cr_expect(eq(int, with_entry(right[n].type, zeros, len),
                         len == right[n].len ? TBF_OK : TBF_BAD_LENGTH),
                      "type %u, length %u", right[n].type, len);
    for (uint32_t len = 0; len < 64; len++)
        cr_expect(eq(int, with_entry(2, zeros, len),
                     len % 8 == 0 ? TBF_OK : TBF_BAD_LENGTH));
}

Test(tbf_parse, main_and_program_have_their_length)
{
    static const uint8_t zeros[64];
    struct tbf_header h;

    for (uint32_t len = 0; len < 64; len++) {
        struct image i = image_begin();

        image_entry(&i, 1, zeros, len);
        image_finish(&i, 128);
        cr_expect(eq(int, parse(&i, &h), len == 12 ? TBF_OK : TBF_BAD_LENGTH));
        cr_expect(eq(u32, h.bad_type, len == 12 ? 0 : 1));
        image_free(&i);
    }
    for (uint32_t len = 0; len < 64; len++) {
        struct image i = image_begin();
        enum tbf_status status;

        image_entry(&i, 9, zeros, len);
        image_finish(&i, 128);
        status = parse(&i, &h);
        cr_expect(
            eq(int, status, len == 20 ? TBF_BAD_PROTECTED : TBF_BAD_LENGTH));
        image_free(&i);
    }
}

Test(tbf_parse, names_are_utf8_without_exception)
{
    static const struct {
        const char *bytes;
        uint32_t len;
    } good[] = {{"", 0},
                {"a\0b", 3},
                {"\x7f", 1},
                {"\xc2\x80", 2},
                {"\xdf\xbf", 2},
                {"\xe0\xa0\x80", 3},
                {"\xed\x9f\xbf", 3},
                {"\xee\x80\x80", 3},
                {"\xef\xbf\xbf", 3},
                {"\xf0\x90\x80\x80", 4},
                {"\xf4\x8f\xbf\xbf", 4}};
    static const struct {
        const char *bytes;
        uint32_t len;
    } bad[] = {{"\x80", 1},             /* continuation alone */
               {"\xc0\x80", 2},         /* overlong           */
               {"\xc1\xbf", 2},         /* overlong           */
               {"\xe0\x9f\xbf", 3},     /* overlong           */
               {"\xf0\x8f\xbf\xbf", 4}, /* overlong           */
               {"\xed\xa0\x80", 3},     /* surrogate          */
               {"\xf4\x90\x80\x80", 4}, /* above U+10FFFF     */
               {"\xf5\x80\x80\x80", 4},
               {"\xff", 1},
               {"\xc2", 1}, /* cut short          */
               {"\xe2\x82", 2},
               {"\xf0\x90\x80", 3},
               {"\xc2\x41", 2}, /* no continuation    */
               {"\xe2\x82\x41", 3},
               {"\xe2\x41\x82", 3},
               {"\xf0\x90\x80\xc0", 4},
               {"ok\xfe", 3}};

    for (size_t n = 0; n < ARRAY_COUNT(good); n++)
        cr_expect(eq(int, with_name(good[n].bytes, good[n].len), TBF_OK),
                  "good %zu", n);
    for (size_t n = 0; n < ARRAY_COUNT(bad); n++)
        cr_expect(eq(int, with_name(bad[n].bytes, bad[n].len), TBF_BAD_NAME),
                  "bad %zu", n);
}

Test(tbf_parse, a_name_does_not_go_on_in_its_padding)
{
    struct image i = image_app("\xc2\x80", 128);
    struct tbf_header h;

    image_put(&i, i.header_size - 6, 1, 2); /* the name's length */
    image_checksum(&i);
    cr_expect(eq(int, parse(&i, &h), TBF_BAD_NAME));
    image_free(&i);
}

Test(tbf_parse, no_entry_makes_the_reader_look_behind_the_header)
{
    static const uint8_t ones[40] = {1, 0, 1, 0, 1, 0, 1, 0};

    for (uint32_t type = 0; type <= 128; type++)
        for (uint32_t len = 0; len <= sizeof(ones); len++) {
            struct image i = image_begin();
            struct tbf_header h;
            struct tbf_storage storage;

            image_program(&i, 0, 0, 100, 4096, 0);
            image_entry(&i, type, ones, len);
            image_finish(&i, i.len);
            image_put(&i, 4, 4096, 4);
            image_checksum(&i);
            if (tbf_parse_part(i.bytes, i.len, 4096, &h) == TBF_OK)
                (void)tbf_storage(&h, &storage);
            image_free(&i);
        }
}

Test(tbf_parse, the_binary_ends_inside_the_object)
{
    cr_expect(eq(int, with_program(0, 0, 128, 128), TBF_OK));
    cr_expect(eq(int, with_program(0, 0, 129, 128), TBF_BAD_BINARY_END));
    cr_expect(eq(int, with_program(0, 0, 0xffffffff, 128), TBF_BAD_BINARY_END));
}

Test(tbf_parse, the_protected_region_ends_before_the_binary)
{
    cr_expect(eq(int, with_program(60, 60, 101, 128), TBF_OK));
    cr_expect(eq(int, with_program(60, 62, 101, 128), TBF_BAD_PROTECTED));
    cr_expect(eq(int, with_program(0, 0, 39, 128), TBF_BAD_PROTECTED));
    cr_expect(eq(int, with_program(0, 0, 0, 128), TBF_BAD_PROTECTED));
    /* header_size + trailer is 0 and 20 in 32 bits */
    cr_expect(eq(int, with_program(0, 0u - 40, 128, 128), TBF_BAD_PROTECTED));
    cr_expect(eq(int, with_program(0, 0u - 20, 128, 128), TBF_BAD_PROTECTED));
}

Test(tbf_parse, the_entry_point_lies_in_the_binary)
{
    cr_expect(eq(int, with_program(8, 8, 128, 128), TBF_OK));
    cr_expect(eq(int, with_program(87, 8, 128, 128), TBF_OK));
    cr_expect(eq(int, with_program(7, 8, 128, 128), TBF_BAD_ENTRY_POINT));
    cr_expect(eq(int, with_program(0, 8, 128, 128), TBF_BAD_ENTRY_POINT));
    cr_expect(eq(int, with_program(88, 8, 128, 128), TBF_BAD_ENTRY_POINT));
    cr_expect(eq(int, with_program(60, 0, 100, 128), TBF_BAD_ENTRY_POINT));
    cr_expect(eq(int, with_program(0, 0, 40, 128), TBF_BAD_ENTRY_POINT));
    /* header_size + init is 39 in 32 bits */
    cr_expect(eq(int, with_program(20, 0, 128, 128), TBF_OK));
    cr_expect(eq(int, with_program(0u - 1, 0, 128, 128), TBF_BAD_ENTRY_POINT));
}

static enum tbf_status with_region(uint32_t offset, uint32_t size)
{
    struct image i = image_begin(); /* header 52, trailer 12, binary to 200 */

    image_program(&i, 12, 12, 0, 200, 0);
    image_words(&i, 2, (uint32_t[]){offset, size}, 2);
    return finish_and_parse(&i, 256);
}

Test(tbf_parse, writeable_regions_lie_in_the_binary)
{
    cr_expect(eq(int, with_region(64, 136), TBF_OK));
    cr_expect(eq(int, with_region(199, 1), TBF_OK));
    cr_expect(eq(int, with_region(63, 1), TBF_BAD_REGION));
    cr_expect(eq(int, with_region(199, 2), TBF_BAD_REGION));
    cr_expect(eq(int, with_region(200, 1), TBF_BAD_REGION));
    cr_expect(eq(int, with_region(0xffffffff, 66), TBF_BAD_REGION));
    cr_expect(eq(int, with_region(64, 0xffffffff), TBF_BAD_REGION));
    cr_expect(eq(int, with_region(0, 0), TBF_OK));
    cr_expect(eq(int, with_region(201, 0), TBF_BAD_REGION));
}

Test(tbf_parse, a_permissions_entry_holds_what_it_counts)
{
    uint8_t data[2 + 32] = {0};

    for (uint32_t count = 0; count < 0x10000; count += count < 8 ? 1 : 37)
        for (uint32_t len = 0; len <= sizeof(data); len++) {
            enum tbf_status want =
                len < 2 || 2 + 16 * count > len ? TBF_BAD_PERMISSIONS : TBF_OK;

            data[0] = (uint8_t)count;
            data[1] = (uint8_t)(count >> 8);
            if (len < 2)
                data[0] = data[1] = 0;
            cr_assert(eq(int, with_entry(6, data, len), want));
        }
}

static enum tbf_status runnable(struct image *i, uint32_t address,
                                uint32_t major, uint32_t minor)
{
    struct tbf_header h;
    enum tbf_status status = parse(i, &h);

    cr_assert(eq(int, status, TBF_OK));
    image_free(i);
    return tbf_runnable(&h, address, major, minor);
}

static struct image with_version(uint32_t flags, uint32_t major, uint32_t minor)
{
    struct image i = image_begin();

    image_program(&i, 8, 8, 0, 128, 0);
    image_kernel_version(&i, major, minor);
    image_put(&i, 8, flags, 4);
    image_finish(&i, 128);
    return i;
}

Test(tbf_parse, padding_does_not_run_whatever_its_flags)
{
    struct image i = image_begin();

    image_finish(&i, 64);
    cr_expect(eq(int, runnable(&i, 0, 2, 3), TBF_PADDING));
}

Test(tbf_parse, a_disabled_app_does_not_run)
{
    struct image i = with_version(0xfffffffe, 2, 1);
    struct image enabled = with_version(0xffffffff, 2, 1);

    cr_expect(eq(int, runnable(&i, 0, 2, 3), TBF_DISABLED));
    cr_expect(eq(int, runnable(&enabled, 0, 2, 3), TBF_OK));
}

Test(tbf_parse, an_app_runs_on_its_major_and_its_minor_or_later)
{
    static const struct {
        uint32_t major, minor;
        enum tbf_status status;
    } wants[] = {
        {2, 0, TBF_OK},           {2, 3, TBF_OK},
        {2, 4, TBF_WRONG_KERNEL}, {1, 0, TBF_WRONG_KERNEL},
        {3, 0, TBF_WRONG_KERNEL},
    };

    for (size_t n = 0; n < ARRAY_COUNT(wants); n++) {
        struct image i = with_version(1, wants[n].major, wants[n].minor);

        cr_expect(eq(int, runnable(&i, 0, 2, 3), wants[n].status));
    }
}

Test(tbf_parse, an_app_without_kernel_version_does_not_run)
{
    struct image i = image_begin();

    image_program(&i, 0, 0, 0, 128, 0);
    image_finish(&i, 128);
    cr_expect(eq(int, runnable(&i, 0, 2, 3), TBF_NO_KERNEL_VERSION));
}

static struct image with_flash(uint32_t flash)
{
    struct image i = image_begin(); /* header 60, app start at 68 */

    image_program(&i, 8, 8, 0, 128, 0);
    image_kernel_version(&i, 2, 1);
    image_words(&i, 5, (uint32_t[]){TBF_NOT_FIXED, flash}, 2);
    image_finish(&i, 128);
    return i;
}

/* A name of this length, and filling in front of it. */
static struct image with_lengths(uint32_t name_len, uint32_t filling)
{
    static const char bytes[TBF_RUN_HEADER_MAX + 256];
    struct image i = image_begin();

    image_program(&i, 0, 0, 0, 8192, 0);
    image_kernel_version(&i, 2, 1);
    image_entry(&i, 99, bytes, (uint16_t)filling);
    image_entry(&i, TBF_TYPE_NAME, bytes, (uint16_t)name_len);
    image_finish(&i, 8192);
    return i;
}

Test(tbf_parse, what_the_kernel_would_read_for_long_does_not_run)
{
    struct image longest = with_lengths(255, 0);
    uint32_t room = TBF_RUN_HEADER_MAX - longest.header_size;
    struct image name = with_lengths(256, 0);
    struct image full = with_lengths(255, room);
    struct image header = with_lengths(255, room + 4);

    cr_expect(eq(int, runnable(&longest, 0, 2, 3), TBF_OK));
    cr_expect(eq(int, runnable(&full, 0, 2, 3), TBF_OK));
    cr_expect(eq(int, runnable(&name, 0, 2, 3), TBF_TOO_LONG));
    cr_expect(eq(int, runnable(&header, 0, 2, 3), TBF_TOO_LONG));
}

Test(tbf_parse, a_fixed_flash_address_is_that_of_the_app_start)
{
    struct image there = with_flash(0x40000 + 68);
    struct image elsewhere = with_flash(0x40000);
    struct image anywhere = with_flash(TBF_NOT_FIXED);
    struct image wrapped = with_flash(4); /* 2^32 - 64 + 68 */

    cr_expect(eq(int, runnable(&there, 0x40000, 2, 3), TBF_OK));
    cr_expect(eq(int, runnable(&elsewhere, 0x40000, 2, 3), TBF_WRONG_FLASH));
    cr_expect(eq(int, runnable(&anywhere, 0x40000, 2, 3), TBF_OK));
    cr_expect(eq(int, runnable(&wrapped, 0u - 64, 2, 3), TBF_WRONG_FLASH));
}
