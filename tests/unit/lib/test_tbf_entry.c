/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/entry.h"

#include "base/attr.h"
#include "tests/unit/lib/image.h"

Test(tbf_entry, the_walk_shows_every_entry_also_repeated_ones)
{
    struct image i = image_begin();
    struct tbf_entries walk;
    struct tbf_entry e;

    image_entry(&i, 3, "abcde", 5);
    image_entry(&i, 0x9999, "", 0);
    image_entry(&i, 3, "x", 1);
    image_finish(&i, 64);
    walk = tbf_entries_start(i.bytes, i.len);
    cr_assert(tbf_entries_next(&walk, &e));
    cr_expect(all(eq(u32, e.offset, 16), eq(u32, e.size, 12),
                  eq(u16, e.type, 3), eq(u16, e.len, 5)));
    cr_assert(tbf_entries_next(&walk, &e));
    cr_expect(all(eq(u32, e.offset, 28), eq(u32, e.size, 4),
                  eq(u16, e.type, 0x9999), eq(u16, e.len, 0)));
    cr_assert(tbf_entries_next(&walk, &e));
    cr_expect(not(tbf_entries_next(&walk, &e)));
    cr_expect(eq(u32, walk.offset, walk.end));
    image_free(&i);
}

Test(tbf_entry, an_entry_that_does_not_fit_ends_the_walk_before_the_end)
{
    struct image i = image_begin();
    struct tbf_entries walk;
    struct tbf_entry e;

    image_entry(&i, 3, "abcd", 4);
    image_finish(&i, 32);
    image_put(&i, 18, 5, 2);
    walk = tbf_entries_start(i.bytes, i.len);
    cr_expect(not(tbf_entries_next(&walk, &e)));
    cr_expect(all(eq(u32, walk.offset, 16), eq(u32, walk.end, 24)));
    image_free(&i);
}

Test(tbf_entry, any_length_at_hand_is_enough)
{
    for (uint32_t len = 0; len < 60; len++) {
        struct image i = image_app("app", 60);
        struct tbf_entries walk;
        struct tbf_entry e;

        image_resize(&i, len);
        walk = tbf_entries_start(i.bytes, i.len);
        while (tbf_entries_next(&walk, &e))
            cr_assert(le(u32, e.offset + e.size, len));
        image_free(&i);
    }
}

Test(tbf_entry, fields_have_a_name_and_a_place)
{
    const uint8_t data[] = {1, 2, 3, 4, 5, 6, 7, 8};
    const struct tbf_field *field;
    uint32_t count;

    field = tbf_field(TBF_TYPE_FIXED_ADDRESSES, "fixed_address_flash");
    cr_assert(ne(ptr, (void *)field, NULL));
    cr_expect(eq(u32, tbf_field_get(field, data), 0x08070605));
    field = tbf_field(TBF_TYPE_KERNEL_VERSION, "kernel_minor");
    cr_assert(ne(ptr, (void *)field, NULL));
    cr_expect(eq(u32, tbf_field_get(field, data), 0x0403));
    cr_expect(eq(ptr, (void *)tbf_field(TBF_TYPE_MAIN, "app_version"), NULL));
    cr_expect(eq(ptr, (void *)tbf_field(TBF_TYPE_NAME, "x"), NULL));
    cr_expect(eq(ptr, (void *)tbf_field(TBF_BASE_HEADER, "flag"), NULL));
    tbf_fields(TBF_TYPE_PROGRAM, &count);
    cr_expect(eq(u32, count, 5));
}

/* An entry with exactly these bytes on the heap. */
static struct tbf_entry entry_of(const void *bytes, uint16_t len)
{
    uint8_t *data = malloc(len == 0 ? 1 : len);

    memcpy(data, bytes, len);
    return (struct tbf_entry){.len = len, .data = data};
}

Test(tbf_entry, records_end_with_the_last_whole_one)
{
    const uint8_t bytes[] = {2, 0, 1, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0,
                             1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
    struct tbf_entry e = entry_of(bytes, sizeof(bytes));
    struct tbf_permission_spec p;
    struct tbf_region_spec r;

    cr_assert(tbf_entry_permission(&e, 0, &p));
    cr_expect(all(eq(u32, p.driver, 1), eq(u32, p.offset, 2),
                  eq(u64, p.mask, 0x0100000000000008)));
    cr_expect(not(tbf_entry_permission(&e, 1, &p))); /* one byte short */
    cr_expect(tbf_entry_region(&e, 3, &r));
    cr_expect(not(tbf_entry_region(&e, 4, &r)));
    free((void *)e.data);

    e = entry_of(bytes, 1);
    cr_expect(not(tbf_entry_permission(&e, 0, &p)));
    free((void *)e.data);
}

Test(tbf_entry, ids_are_read_as_far_as_they_go)
{
    const uint8_t bytes[] = {1, 0, 0, 0, 1, 0, 2, 0, 0, 0,
                             2, 0, 3, 0, 0, 0, 4, 0, 0, 0};
    uint32_t id;

    for (uint16_t len = 0; len <= sizeof(bytes); len++) {
        struct tbf_entry e = entry_of(bytes, len);

        cr_expect(eq(int, tbf_entry_id(&e, TBF_ID_WRITE, 0, &id), len >= 4));
        cr_expect(eq(int, tbf_entry_id(&e, TBF_ID_READ, 0, &id), len >= 10));
        cr_expect(eq(int, tbf_entry_id(&e, TBF_ID_MODIFY, 0, &id), len >= 16));
        cr_expect(eq(int, tbf_entry_id(&e, TBF_ID_MODIFY, 1, &id), len >= 20));
        cr_expect(not(tbf_entry_id(&e, TBF_ID_MODIFY, 2, &id)));
        cr_expect(not(tbf_entry_id(&e, TBF_ID_READ, 1, &id)));
        cr_expect(not(tbf_entry_id(&e, TBF_ID_WRITE, 1, &id)));
        free((void *)e.data);
    }
}
