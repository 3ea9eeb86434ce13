/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/bits.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(base_bits, sums_that_wrap_are_seen)
{
    uint32_t sum;

    cr_expect(not(add_overflows_u32(0xfffffffe, 1, &sum)));
    cr_expect(eq(u32, sum, 0xffffffff));
    cr_expect(add_overflows_u32(0xffffffff, 1, &sum));
    cr_expect(add_overflows_u32(0x80000000, 0x80000000, &sum));
}

Test(base_bits, powers_of_two_are_the_32_of_them)
{
    cr_expect(not(is_power_of_two(0)));
    for (uint32_t bit = 0; bit < 32; bit++) {
        uint32_t power = UINT32_C(1) << bit;

        cr_expect(is_power_of_two(power));
        cr_expect(eq(u32, log2_floor(power), bit));
        cr_expect(eq(u32, log2_floor(power | (power - 1)), bit));
        cr_expect(eq(u64, next_power_of_two(power), power));
        if (bit > 1) {
            cr_expect(not(is_power_of_two(power - 1)));
            cr_expect(not(is_power_of_two(power + 1)));
            cr_expect(eq(u64, next_power_of_two(power - 1), power));
        }
        cr_expect(
            eq(u64, next_power_of_two(power + 1), bit == 0 ? 2 : 2ull * power));
    }
    cr_expect(eq(u64, next_power_of_two(0), 1));
    cr_expect(eq(u64, next_power_of_two(0xffffffff), UINT64_C(1) << 32));
}

Test(base_bits, alignment_rounds_to_the_nearest_multiple_on_its_side)
{
    for (uint32_t align = 1; align <= 64; align *= 2)
        for (uint32_t value = 0; value < 200; value++) {
            uint32_t down = align_down_u32(value, align);
            uint64_t up = align_up_u64(value, align);

            cr_expect(all(eq(u32, down % align, 0), le(u32, down, value),
                          lt(u32, value - down, align)));
            cr_expect(all(eq(u64, up % align, 0), ge(u64, up, value),
                          lt(u64, up - value, align)));
        }
    cr_expect(eq(u64, align_up_u64(0xffffffff, 4096), UINT64_C(1) << 32));
    cr_expect(eq(u64, align_up_u64(1, 0x80000000), 0x80000000));
}

/* The oracle counts in 64 bits, where nothing wraps. */
Test(base_bits, a_range_is_inside_or_not_even_at_the_edges)
{
    static const uint32_t edges[] = {
        0, 1, 2, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};

    for (int a = 0; a < 7; a++)
        for (int b = 0; b < 7; b++)
            for (int c = 0; c < 7; c++)
                for (int d = 0; d < 7; d++) {
                    uint64_t end = (uint64_t)edges[a] + edges[b];
                    bool is_inside = edges[a] >= edges[c] &&
                                     edges[a] <= edges[d] && end <= edges[d];

                    cr_expect(
                        eq(int,
                           range_inside(edges[a], edges[b], edges[c], edges[d]),
                           is_inside));
                }
}
