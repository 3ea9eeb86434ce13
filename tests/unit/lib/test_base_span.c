/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/span.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(base_span, bytes_outside_read_as_0_and_take_no_write)
{
    uint8_t bytes[4] = {1, 2, 3, 4};
    struct span s = {bytes, 3};

    span_set(s, 2, 9);
    span_set(s, 3, 9);
    span_set(s, 0xffffffff, 9);
    cr_expect(eq(u8, span_get(s, 0), 1));
    cr_expect(eq(u8, span_get(s, 2), 9));
    cr_expect(eq(u8, span_get(s, 3), 0));
    cr_expect(eq(u8, span_get(s, 0xffffffff), 0));
    cr_expect(eq(u8, bytes[3], 4));
}

Test(base_span, a_part_is_cut_to_what_there_is)
{
    uint8_t bytes[8];
    struct span s = {bytes, 8};
    static const uint32_t edges[] = {0, 1, 7, 8, 9, 0xffffffff};

    for (int a = 0; a < 6; a++)
        for (int b = 0; b < 6; b++) {
            struct span part = span_part(s, edges[a], edges[b]);
            uint32_t off = edges[a] < 8 ? edges[a] : 8;
            uint32_t len = edges[b] < 8 - off ? edges[b] : 8 - off;

            cr_expect(eq(ptr, part.ptr, bytes + off));
            cr_expect(eq(u32, part.len, len));
        }
}

Test(base_span, an_empty_span_without_bytes_is_a_span)
{
    struct span none = {0, 0};
    uint8_t byte = 5;
    struct span one = {&byte, 1};

    cr_expect(eq(u8, span_get(none, 0), 0));
    cr_expect(eq(ptr, span_part(none, 1, 1).ptr, 0));
    cr_expect(eq(u32, span_copy(none, one), 0));
    cr_expect(eq(u32, span_copy(one, none), 0));
    cr_expect(eq(u8, byte, 5));
}

Test(base_span, a_copy_takes_the_shorter_side_and_may_overlap)
{
    uint8_t bytes[6] = {1, 2, 3, 4, 5, 6};
    struct span to = {bytes + 1, 5};
    struct span from = {bytes, 4};

    cr_expect(eq(u32, span_copy(to, from), 4));
    cr_expect(eq(int, memcmp(bytes, "\1\1\2\3\4\6", 6), 0));
}
