/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/tbf.h"

#include "base/attr.h"
#include "tests/unit/lib/image.h"

/* An app with one more entry; the caller frees it. */
static struct image with_entry(uint32_t type, const uint8_t *data, uint32_t len,
                               struct tbf_header *h)
{
    struct image i = image_begin();

    image_program(&i, 0, 0, 0, 512, 0);
    image_entry(&i, type, data, len);
    image_finish(&i, 512);
    cr_assert(eq(int, tbf_parse(i.bytes, i.len, h), TBF_OK));
    return i;
}

static void put(uint8_t *at, uint64_t value, uint32_t len)
{
    for (uint32_t n = 0; n < len; n++)
        at[n] = (uint8_t)(value >> 8 * n);
}

static const struct {
    uint32_t driver, offset;
    uint64_t mask;
} records[] = {
    {1, 0, 3}, {1, 2, 0x8000000000000001}, {0x50001, 0, 0}, {1, 0, 0xff}};

/* data: room for the count and four records. */
static struct image with_records(struct tbf_header *h)
{
    uint8_t data[2 + 16 * ARRAY_COUNT(records)];

    put(data, ARRAY_COUNT(records), 2);
    for (size_t n = 0; n < ARRAY_COUNT(records); n++) {
        put(data + 2 + 16 * n, records[n].driver, 4);
        put(data + 6 + 16 * n, records[n].offset, 4);
        put(data + 10 + 16 * n, records[n].mask, 8);
    }
    return with_entry(6, data, sizeof(data), h);
}

Test(tbf_permission, records_are_listed_as_they_stand)
{
    struct tbf_header h;
    struct image i = with_records(&h);
    uint32_t driver;
    uint32_t offset;
    uint64_t mask;

    cr_assert(eq(u32, tbf_permission_count(&h), ARRAY_COUNT(records)));
    for (uint32_t n = 0; n < ARRAY_COUNT(records); n++) {
        cr_assert(tbf_permission_at(&h, n, &driver, &offset, &mask));
        cr_expect(eq(u32, driver, records[n].driver));
        cr_expect(eq(u32, offset, records[n].offset));
        cr_expect(eq(u64, mask, records[n].mask));
    }
    cr_expect(not(
        tbf_permission_at(&h, ARRAY_COUNT(records), &driver, &offset, &mask)));
    cr_expect(not(tbf_permission_at(&h, 0xffffffff, &driver, &offset, &mask)));
    image_free(&i);
}

Test(tbf_permission, a_look_up_finds_the_first_record)
{
    static const struct {
        uint32_t driver, offset;
        enum tbf_permission answer;
        uint64_t mask;
    } wants[] = {{1, 0, TBF_PERMISSION_LISTED, 3},
                 {1, 2, TBF_PERMISSION_LISTED, 0x8000000000000001},
                 {1, 1, TBF_PERMISSION_LISTED, 0},
                 {0x50001, 0, TBF_PERMISSION_LISTED, 0},
                 {0x50001, 7, TBF_PERMISSION_LISTED, 0},
                 {2, 0, TBF_PERMISSION_UNKNOWN, 0}};
    struct tbf_header h;
    struct image i = with_records(&h);

    for (size_t n = 0; n < ARRAY_COUNT(wants); n++) {
        uint64_t mask = 99;

        cr_expect(
            eq(int, tbf_permission(&h, wants[n].driver, wants[n].offset, &mask),
               wants[n].answer),
            "look-up %zu", n);
        cr_expect(eq(u64, mask, wants[n].mask), "look-up %zu", n);
    }
    image_free(&i);
}

Test(tbf_permission, no_entry_and_an_empty_entry_differ)
{
    static const uint8_t none[2];
    struct tbf_header h;
    uint64_t mask;
    struct image i = with_entry(6, none, 2, &h);

    cr_expect(eq(int, tbf_permission(&h, 1, 0, &mask), TBF_PERMISSION_UNKNOWN));
    image_free(&i);
    i = with_entry(77, none, 2, &h);
    cr_expect(eq(int, tbf_permission(&h, 1, 0, &mask), TBF_PERMISSION_NONE));
    image_free(&i);
}

Test(tbf_permission, regions_are_listed)
{
    uint8_t data[24];
    struct tbf_header h;
    struct image i;
    uint32_t offset;
    uint32_t size;

    for (uint32_t n = 0; n < 3; n++) {
        put(data + 8 * n, 100 + n, 4);
        put(data + 8 * n + 4, 50 + n, 4);
    }
    i = with_entry(2, data, sizeof(data), &h);
    cr_expect(eq(u32, tbf_region_count(&h), 3));
    for (uint32_t n = 0; n < 3; n++) {
        cr_assert(tbf_region(&h, n, &offset, &size));
        cr_expect(eq(u32, offset, 100 + n));
        cr_expect(eq(u32, size, 50 + n));
    }
    cr_expect(not(tbf_region(&h, 3, &offset, &size)));
    image_free(&i);
}

/* Storage data with these counts, the ids numbered through; cut to len. */
static bool storage(uint32_t reads, uint32_t modifies, uint32_t len,
                    struct tbf_storage *out)
{
    uint8_t data[256] = {0};
    uint32_t at = 6;
    struct tbf_header h;
    struct image i;
    bool is_there;

    put(data, 77, 4);
    put(data + 4, reads, 2);
    for (uint32_t n = 0; n < reads && n < 20; n++, at += 4)
        put(data + at, n + 1, 4);
    put(data + at, modifies, 2);
    at += 2;
    for (uint32_t n = 0; n < modifies && n < 20; n++, at += 4)
        put(data + at, 100 + n, 4);
    i = with_entry(7, data, len == 0 ? at : len, &h);
    is_there = tbf_storage(&h, out);
    image_free(&i);
    return is_there;
}

Test(tbf_permission, storage_ids_are_read)
{
    struct tbf_storage s;

    for (uint32_t reads = 0; reads <= 8; reads++)
        for (uint32_t modifies = 0; modifies <= 8; modifies++) {
            cr_assert(storage(reads, modifies, 0, &s));
            cr_expect(eq(u32, s.write_id, 77));
            cr_expect(eq(u32, s.read_count, reads));
            cr_expect(eq(u32, s.modify_count, modifies));
            for (uint32_t n = 0; n < reads; n++)
                cr_expect(eq(u32, s.read_ids[n], n + 1));
            for (uint32_t n = 0; n < modifies; n++)
                cr_expect(eq(u32, s.modify_ids[n], 100 + n));
        }
}

Test(tbf_permission, too_many_or_missing_ids_mean_no_storage_at_all)
{
    struct tbf_storage s;

    cr_expect(not(storage(9, 0, 0, &s)));
    cr_expect(not(storage(0, 9, 0, &s)));
    cr_expect(not(storage(0xffff, 0, 0, &s)));
    for (uint32_t len = 1; len < 28; len++) {
        cr_expect(not(storage(3, 2, len, &s)), "length %u", len);
        cr_expect(all(eq(u32, s.write_id, 0), eq(u32, s.read_count, 0)));
    }
    cr_expect(storage(3, 2, 28, &s));
}

Test(tbf_permission, without_an_entry_there_is_no_storage)
{
    static const uint8_t nothing[1];
    struct tbf_storage s;
    struct tbf_header h;
    struct image i = with_entry(77, nothing, 0, &h);

    cr_expect(not(tbf_storage(&h, &s)));
    image_free(&i);
    i = with_entry(7, nothing, 0, &h);
    cr_expect(not(tbf_storage(&h, &s)));
    image_free(&i);
}
