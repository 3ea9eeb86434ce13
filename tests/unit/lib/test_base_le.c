/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/le.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

/* Every bit on its own, at every alignment, and the bytes around it. */
Test(base_le, every_bit_goes_where_little_endian_wants_it)
{
    for (int off = 0; off < 8; off++)
        for (int bit = 0; bit < 64; bit++) {
            uint8_t bytes[24] = {0};
            uint8_t copy[24] = {0};

            bytes[8 + off + bit / 8] = (uint8_t)(1 << bit % 8);
            cr_expect(eq(u64, le64_load(bytes + 8 + off), UINT64_C(1) << bit));
            le64_store(copy + 8 + off, UINT64_C(1) << bit);
            cr_expect(eq(int, memcmp(copy, bytes, sizeof(bytes)), 0));
            if (bit >= 32)
                continue;
            cr_expect(eq(u32, le32_load(bytes + 8 + off), UINT32_C(1) << bit));
            memset(copy, 0, sizeof(copy));
            le32_store(copy + 8 + off, UINT32_C(1) << bit);
            cr_expect(eq(int, memcmp(copy, bytes, sizeof(bytes)), 0));
            if (bit >= 16)
                continue;
            cr_expect(eq(u32, le16_load(bytes + 8 + off), 1u << bit));
            memset(copy, 0, sizeof(copy));
            le16_store(copy + 8 + off, (uint16_t)(1u << bit));
            cr_expect(eq(int, memcmp(copy, bytes, sizeof(bytes)), 0));
        }
}

Test(base_le, a_store_writes_no_byte_more)
{
    uint8_t bytes[10];

    memset(bytes, 0x11, sizeof(bytes));
    le64_store(bytes + 1, 0);
    cr_expect(all(eq(u8, bytes[0], 0x11), eq(u8, bytes[9], 0x11)));
    memset(bytes, 0x11, sizeof(bytes));
    le32_store(bytes + 1, 0);
    cr_expect(all(eq(u8, bytes[0], 0x11), eq(u8, bytes[5], 0x11)));
    memset(bytes, 0x11, sizeof(bytes));
    le16_store(bytes + 1, 0);
    cr_expect(all(eq(u8, bytes[0], 0x11), eq(u8, bytes[3], 0x11)));
}
