/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/le.h"
#include "tbf/build.h"
#include "tbf/clear.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

TestSuite(tbf_clear, .timeout = 20);

enum { SIZE = 512, REGION = 2048 };

static uint8_t object[REGION];

/* odd: whether the checksum's lowest bit is set. */
static void make(bool odd)
{
    struct tbf_spec spec = {
        .flags = TBF_FLAG_ENABLED,
        .total_size = SIZE,
        .minimum_ram = 2048,
        .binary_end = SIZE,
        .name = "app",
        .name_len = 3,
        .has_kernel_version = true,
        .kernel_major = 2,
    };

    memset(object, 0xff, sizeof object);
    memset(object, 0x3c, SIZE);
    spec.protected_size = spec.init_offset = tbf_header_size(&spec);
    cr_assert(tbf_build_header(&spec, object, SIZE));
    spec.version = (object[TBF_CHECKSUM_AT] & 1) != odd;
    cr_assert(tbf_build_header(&spec, object, SIZE));
    cr_assert(eq(int, object[TBF_CHECKSUM_AT] & 1, odd));
}

static enum tbf_status status(struct tbf_header *out)
{
    return tbf_parse(object, sizeof object, out);
}

static uint16_t header_size(void)
{
    struct tbf_header header;

    (void)status(&header);
    return header.header_size;
}

Test(tbf_clear, an_odd_checksum_lets_an_app_be_disabled)
{
    struct tbf_header header;

    make(true);
    cr_expect(tbf_clear_enabled(object));
    cr_expect(eq(int, status(&header), TBF_OK));
    cr_expect(zero(u32, header.flags));
    cr_expect(not(tbf_clear_enabled(object)), "it is disabled already");
}

Test(tbf_clear, an_even_checksum_does_not)
{
    uint8_t before[SIZE];

    make(false);
    memcpy(before, object, SIZE);
    cr_expect(not(tbf_clear_enabled(object)));
    cr_expect(zero(int, memcmp(before, object, SIZE)));
}

Test(tbf_clear, a_retired_object_is_recognised_and_only_that)
{
    struct tbf_header header;

    make(true);
    cr_expect(not(tbf_clear_is_retired(object)));
    tbf_clear_retire(object);
    cr_expect(tbf_clear_is_retired(object));
    cr_expect(eq(int, status(&header), TBF_BAD_CHECKSUM));
    cr_expect(not(tbf_clear_finish(object, header_size())));
}

Test(tbf_clear, disabling_that_was_cut_after_the_flag_is_finished)
{
    struct tbf_header header;

    make(true);
    object[TBF_FLAGS_AT] = 0;
    cr_expect(tbf_clear_finish(object, header_size()));
    cr_expect(eq(int, status(&header), TBF_OK));
    cr_expect(zero(u32, header.flags));
}

Test(tbf_clear, retiring_that_was_cut_after_the_flag_is_finished)
{
    make(false);
    object[TBF_FLAGS_AT] = 0;
    cr_expect(tbf_clear_finish(object, header_size()));
    cr_expect(tbf_clear_is_retired(object));
}

/* A sample of the ways to lose some of the checksum's bits. */
Test(tbf_clear, retiring_that_was_cut_in_the_checksum_is_finished)
{
    for (uint32_t random = 1; random < 3000; random += 7) {
        struct tbf_header header;
        uint32_t checksum;

        make(random % 2 != 0);
        checksum = le32_load(object + TBF_CHECKSUM_AT);
        object[TBF_FLAGS_AT] = 0;
        le32_store(object + TBF_CHECKSUM_AT,
                   checksum & ~1u & random * 2654435761u);
        if (tbf_clear_is_retired(object) || status(&header) == TBF_OK)
            continue; /* all of it was lost, or only the first bit */
        cr_assert(tbf_clear_finish(object, header_size()));
        cr_assert(tbf_clear_is_retired(object));
    }
}

Test(tbf_clear, an_enabled_app_is_never_touched)
{
    uint8_t before[SIZE];

    for (int bit = 0; bit < 64; bit++) {
        make(true);
        object[TBF_CHECKSUM_AT] ^= (uint8_t)(1u << bit % 8);
        object[TBF_BASE_SIZE + 4 + bit] ^= (uint8_t)(1u << bit % 8);
        memcpy(before, object, SIZE);
        cr_expect(not(tbf_clear_finish(object, header_size())));
        cr_expect(zero(int, memcmp(before, object, SIZE)));
    }
}

/* Bits that rose do not come from a cut. */
Test(tbf_clear, a_disabled_app_with_a_checksum_of_other_bits_is_left_alone)
{
    uint32_t checksum;

    make(true);
    cr_assert(tbf_clear_enabled(object));
    checksum = le32_load(object + TBF_CHECKSUM_AT);
    for (int bit = 1; bit < 32; bit++) {
        if ((checksum & 1u << bit) != 0)
            continue;
        le32_store(object + TBF_CHECKSUM_AT, checksum | 1u << bit);
        cr_expect(not(tbf_clear_finish(object, header_size())));
    }
}

Test(tbf_clear, a_commit_that_was_cut_in_the_header_size_is_finished)
{
    uint8_t before[SIZE];

    make(true);
    memcpy(before, object, SIZE);
    for (unsigned bit = 2; bit < 16; bit++) {
        uint16_t size = le16_load(before + 2);

        if ((size & 1u << bit) != 0)
            continue;
        memcpy(object, before, SIZE);
        le16_store(object + 2, (uint16_t)(size | 1u << bit));
        cr_expect(tbf_clear_finish_head(object, REGION, false), "bit %u", bit);
        cr_expect(zero(int, memcmp(before, object, SIZE)), "bit %u", bit);
    }
}

Test(tbf_clear, a_commit_that_was_cut_in_both_sizes_is_finished)
{
    uint8_t before[SIZE];

    make(true);
    memcpy(before, object, SIZE);
    le16_store(object + 2, (uint16_t)(le16_load(before + 2) | 0x100));
    le32_store(object + 4, SIZE | 0x400);
    cr_expect(not(tbf_clear_finish_head(object, REGION, false)));
    cr_expect(tbf_clear_finish_head(object, REGION, true));
    cr_expect(zero(int, memcmp(before, object, SIZE)));
}

Test(tbf_clear, a_head_is_not_finished_over_bytes_of_somebody)
{
    make(true);
    le32_store(object + 4, SIZE | 0x400);
    object[SIZE + 100] = 0x42;
    cr_expect(not(tbf_clear_finish_head(object, REGION, true)));
    cr_expect(eq(u32, le32_load(object + 4), SIZE | 0x400));
    object[SIZE + 100] = 0xff;
    tbf_build_padding(object + SIZE, 0x400); /* what fills up its page */
    cr_expect(tbf_clear_finish_head(object, REGION, true));
}

Test(tbf_clear, a_whole_header_has_nothing_to_finish)
{
    make(true);
    cr_expect(not(tbf_clear_finish(object, header_size())));
    cr_expect(not(tbf_clear_finish_head(object, REGION, true)));
    cr_assert(tbf_clear_enabled(object));
    cr_expect(not(tbf_clear_finish(object, header_size())));
}
