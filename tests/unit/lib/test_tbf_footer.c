/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/tbf.h"

#include "base/attr.h"
#include "tests/unit/lib/image.h"

/* Program with its binary's end at 64 (or odd), and total bytes in all. */
static struct image begin(uint32_t binary_end, uint32_t total)
{
    struct image i = image_begin();

    image_program(&i, 0, 0, 0, binary_end, 0);
    image_finish(&i, total);
    return i;
}

static uint32_t put_footer(struct image *i, uint32_t at, uint32_t format,
                           uint32_t len)
{
    image_put(i, at, 128, 2);
    image_put(i, at + 2, 4 + len, 2);
    image_put(i, at + 4, format, 4);
    for (uint32_t n = 0; n < len; n++)
        i->bytes[at + 8 + n] = (uint8_t)(format + n);
    return at + 8 + len;
}

/* Counts the footers; *end is where the walk ended. */
static uint32_t count(const struct image *i, uint32_t *end)
{
    struct tbf_header h;
    struct tbf_footers walk;
    struct tbf_footer footer;
    uint32_t n = 0;

    cr_assert(eq(int, tbf_parse(i->bytes, i->len, &h), TBF_OK));
    walk = tbf_footers_start(&h, i->bytes);
    while (tbf_footers_next(&walk, &footer))
        n++;
    *end = walk.offset;
    return n;
}

Test(tbf_footer, footers_follow_each_other_without_rounding)
{
    static const struct {
        uint32_t format, len;
    } wants[] = {{0, 3}, {3, 32}, {99, 1}, {6, 64}, {0, 0}};
    struct image i = begin(61, 256);
    struct tbf_header h;
    struct tbf_footers walk;
    struct tbf_footer footer;
    uint32_t at = 61;

    for (size_t n = 0; n < ARRAY_COUNT(wants); n++)
        at = put_footer(&i, at, wants[n].format, wants[n].len);
    cr_assert(eq(int, tbf_parse(i.bytes, i.len, &h), TBF_OK));
    walk = tbf_footers_start(&h, i.bytes);
    at = 61;
    for (size_t n = 0; n < ARRAY_COUNT(wants); n++) {
        cr_assert(tbf_footers_next(&walk, &footer));
        cr_expect(eq(u32, footer.offset, at));
        cr_expect(eq(u32, footer.format, wants[n].format));
        cr_expect(eq(u32, footer.len, wants[n].len));
        cr_expect(eq(ptr, (void *)footer.data, i.bytes + at + 8));
        at += 8 + wants[n].len;
    }
    cr_expect(not(tbf_footers_next(&walk, &footer)));
    cr_expect(eq(u32, walk.offset, at));
    image_free(&i);
}

Test(tbf_footer, a_known_format_needs_its_length_and_may_have_more)
{
    static const uint32_t formats[] = {1, 2, 3, 4, 5, 6, 7, 0xa, 0xf1};
    uint32_t end;

    for (size_t n = 0; n < ARRAY_COUNT(formats); n++) {
        uint32_t needed;

        cr_assert(tbf_credential_len(formats[n], &needed));
        for (uint32_t len = needed - 1; len <= needed + 1; len++) {
            struct image i = begin(64, 2048);

            put_footer(&i, 64, formats[n], len);
            cr_expect(eq(u32, count(&i, &end), len >= needed ? 1 : 0),
                      "format %u, %u bytes", formats[n], len);
            image_free(&i);
        }
    }
}

Test(tbf_footer, formats_have_the_lengths_of_the_format_table)
{
    static const uint32_t wants[][2] = {
        {0, 0},  {1, 768}, {2, 1024}, {3, 32},    {4, 48},
        {5, 64}, {6, 64},  {7, 32},   {0xa, 256}, {0xf1, 8}};
    uint32_t len;

    for (size_t n = 0; n < ARRAY_COUNT(wants); n++) {
        cr_expect(tbf_credential_len(wants[n][0], &len));
        cr_expect(eq(u32, len, wants[n][1]), "format %u", wants[n][0]);
    }
    cr_expect(not(tbf_credential_len(8, &len)));
    cr_expect(not(tbf_credential_len(0xffffffff, &len)));
}

Test(tbf_footer, the_walk_ends_at_what_is_no_credential)
{
    static const struct {
        uint32_t type, len;
    } ends[] = {{0, 12},  {0xffff, 0xffff}, {3, 12},       {129, 12},
                {128, 0}, {128, 3},         {128, 0xffff}, {128, 85}};
    uint32_t end;

    for (size_t n = 0; n < ARRAY_COUNT(ends); n++) {
        struct image i = begin(64, 192);

        put_footer(&i, 64, TBF_CREDENTIAL_SHA256, 32);
        image_put(&i, 104, ends[n].type, 2);
        image_put(&i, 106, ends[n].len, 2);
        cr_expect(eq(u32, count(&i, &end), 1), "end %zu", n);
        cr_expect(eq(u32, end, 104), "end %zu", n);
        /* 84 is the room there is */
        image_put(&i, 104, 128, 2);
        image_put(&i, 106, 84, 2);
        cr_expect(eq(u32, count(&i, &end), 2));
        cr_expect(eq(u32, end, 192));
        image_free(&i);
    }
}

Test(tbf_footer, less_than_a_footer_s_head_is_no_footer)
{
    uint32_t end;

    for (uint32_t room = 0; room < 12; room++) {
        struct image i = begin(128 - room, 128);

        image_resize(&i, 128 + 12);
        put_footer(&i, 128 - room, 0, 0);
        image_resize(&i, 128);
        cr_expect(eq(u32, count(&i, &end), room >= 8 ? 1 : 0));
        image_free(&i);
    }
}

Test(tbf_footer, neither_padding_nor_main_alone_has_footers)
{
    struct image hole = image_begin();
    struct image old = image_begin();
    uint32_t end;

    image_finish(&hole, 64);
    put_footer(&hole, 16, 0, 8);
    cr_expect(eq(u32, count(&hole, &end), 0));
    cr_expect(eq(u32, end, 64));
    image_words(&old, 1, (uint32_t[]){0, 0, 0}, 3);
    image_finish(&old, 64);
    put_footer(&old, 32, 0, 8);
    cr_expect(eq(u32, count(&old, &end), 0));
    image_free(&hole);
    image_free(&old);
}
