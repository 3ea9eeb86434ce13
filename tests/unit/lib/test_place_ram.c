/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place/place.h"

#include "base/attr.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* 64 KiB of free RAM from an address that suits nobody. */
static const struct place_request plain = {
    .free_start = 0x20000001,
    .free_end = 0x20010000,
    .fixed_start = PLACE_ANYWHERE,
    .app_size = 5000,
    .initial_app_size = 32,
    .kernel_size = 700,
};

static const enum place_kind kinds[] = {PLACE_ARMV7M, PLACE_ARMV8M, PLACE_PMP};

static void expect_block(enum place_kind kind, const struct place_request *r,
                         uint32_t start, uint32_t size)
{
    struct place_block b = {0, 0};

    cr_expect(eq(int, place_ram(kind, r, &b), PLACE_OK));
    cr_expect(eq(u32, b.start, start));
    cr_expect(eq(u32, b.size, size));
}

static void expect_status(enum place_kind kind, const struct place_request *r,
                          enum place_status status)
{
    struct place_block b = {1, 2};

    cr_expect(eq(int, place_ram(kind, r, &b), status));
    if (status != PLACE_OK)
        cr_expect(all(eq(u32, b.start, 1), eq(u32, b.size, 2)));
}

Test(place_ram, a_block_begins_where_the_hardware_can_cut)
{
    expect_block(PLACE_ARMV7M, &plain, 0x20001000, 8192);
    expect_block(PLACE_ARMV8M, &plain, 0x20000020, 5024 + 704);
    expect_block(PLACE_PMP, &plain, 0x20000004, 5700);
}

Test(place_ram, an_armv7m_block_is_at_least_512_bytes)
{
    struct place_request r = plain;

    r.app_size = r.initial_app_size = r.kernel_size = 0;
    expect_block(PLACE_ARMV7M, &r, 0x20000100, 512);
    r.app_size = 512;
    expect_block(PLACE_ARMV7M, &r, 0x20000100, 512);
    r.kernel_size = 1;
    expect_block(PLACE_ARMV7M, &r, 0x20000200, 1024);
}

Test(place_ram, a_pmp_block_has_room_for_the_first_word)
{
    struct place_request r = plain;

    r.app_size = r.initial_app_size = 0;
    r.kernel_size = 5;
    expect_block(PLACE_PMP, &r, 0x20000004, 12);
}

/* Each part begins on a granule of its own. */
Test(place_ram, an_armv8m_block_is_whole_granules_for_app_and_kernel)
{
    struct place_request r = plain;

    r.app_size = 33;
    r.kernel_size = 1;
    expect_block(PLACE_ARMV8M, &r, 0x20000020, 96);
    r.app_size = r.initial_app_size = r.kernel_size = 0;
    r.app_size = 1;
    expect_block(PLACE_ARMV8M, &r, 0x20000020, 32);
}

/* 450 + 60 bytes fit 512, but the last of the app's 15 steps of 32 bytes
 * ends at 480, 28 bytes into the kernel's part. */
Test(place_ram, a_block_doubles_when_rounding_reaches_the_kernel_s_part)
{
    struct place_request r = plain;

    r.app_size = 450;
    r.kernel_size = 60;
    expect_block(PLACE_ARMV7M, &r, 0x20000200, 1024);
    r.kernel_size = 32;
    expect_block(PLACE_ARMV7M, &r, 0x20000100, 512);
}

Test(place_ram, the_larger_of_app_and_initial_size_counts)
{
    struct place_request r = plain;

    r.app_size = 32;
    r.initial_app_size = 5000;
    expect_block(PLACE_ARMV7M, &r, 0x20001000, 8192);
    expect_block(PLACE_PMP, &r, 0x20000004, 5700);
}

Test(place_ram, a_fixed_block_begins_exactly_there)
{
    struct place_request r = plain;

    r.fixed_start = 0x20003000;
    expect_block(PLACE_ARMV7M, &r, 0x20003000, 8192);
    expect_block(PLACE_ARMV8M, &r, 0x20003000, 5728);
    expect_block(PLACE_PMP, &r, 0x20003000, 5700);
    r.fixed_start = 0x20000020;
    expect_block(PLACE_ARMV8M, &r, 0x20000020, 5728);
    r.fixed_start = 0x20000004;
    expect_block(PLACE_PMP, &r, 0x20000004, 5700);
    expect_status(PLACE_ARMV8M, &r, PLACE_NOT_THERE);
    expect_status(PLACE_ARMV7M, &r, PLACE_NOT_THERE);
}

Test(place_ram, room_elsewhere_is_no_use_to_a_fixed_app)
{
    static const uint32_t starts[] = {
        0,          0x1ffff000,  /* below the free memory       */
        0x20000000,              /* one byte below              */
        0x20001002,              /* not aligned                 */
        0x2000f000,              /* reaches past the end        */
        0x20010000, 0xfffff000}; /* behind the free memory      */

    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++)
        for (size_t n = 0; n < ARRAY_COUNT(starts); n++) {
            struct place_request r = plain;

            r.fixed_start = starts[n];
            expect_status(kinds[k], &r, PLACE_NOT_THERE);
            r.app_size = 0x20000;
            expect_status(kinds[k], &r, PLACE_NO_ROOM);
        }
}

Test(place_ram, the_last_byte_of_free_memory_can_be_used)
{
    struct place_request r = plain;

    r.free_end = 0x20003000;
    expect_block(PLACE_ARMV7M, &r, 0x20001000, 8192);
    r.free_end--;
    expect_status(PLACE_ARMV7M, &r, PLACE_NO_ROOM);
    r.free_end = 0x20000020 + 5728;
    expect_block(PLACE_ARMV8M, &r, 0x20000020, 5728);
    r.free_end--;
    expect_status(PLACE_ARMV8M, &r, PLACE_NO_ROOM);
    r.free_end = 0x20000004 + 5700;
    expect_block(PLACE_PMP, &r, 0x20000004, 5700);
    r.free_end--;
    expect_status(PLACE_PMP, &r, PLACE_NO_ROOM);
}

Test(place_ram, absurd_sizes_find_no_room)
{
    static const uint32_t sizes[] = {0x7fffff00, 0x7fffffff, 0x80000000,
                                     0xfffffc00, 0xffffffff};

    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++)
        for (size_t n = 0; n < ARRAY_COUNT(sizes); n++) {
            struct place_request r = plain;

            r.app_size = sizes[n];
            expect_status(kinds[k], &r, PLACE_NO_ROOM);
            r.kernel_size = 0xffffffff;
            expect_status(kinds[k], &r, PLACE_NO_ROOM);
            r = plain;
            r.kernel_size = sizes[n];
            expect_status(kinds[k], &r, PLACE_NO_ROOM);
            r = plain;
            r.initial_app_size = sizes[n];
            expect_status(kinds[k], &r, PLACE_NO_ROOM);
        }
}

Test(place_ram, there_is_no_room_in_no_memory)
{
    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
        struct place_request r = plain;

        r.free_end = r.free_start;
        expect_status(kinds[k], &r, PLACE_NO_ROOM);
        r.free_start = 0xffffffff;
        expect_status(kinds[k], &r, PLACE_NO_ROOM);
        r.free_end = 0xffffffff;
        expect_status(kinds[k], &r, PLACE_NO_ROOM);
    }
}

/* By trying every block there is in a small memory. */
Test(place_ram, an_armv7m_block_is_the_lowest_that_serves)
{
    for (uint32_t app = 0; app < 3000; app += 7)
        for (uint32_t kernel = 0; kernel < 600; kernel += 37) {
            struct place_request r = {0x100, 0x4000, PLACE_ANYWHERE,
                                      app,   0,      kernel};
            struct place_block found = {0, 0};
            struct place_block b;
            uint32_t end;

            for (b.start = 0x100; found.size == 0; b.start += 0x100)
                for (b.size = 512; b.start + b.size <= 0x4000; b.size *= 2)
                    if (found.size == 0 && b.size >= app + kernel &&
                        place_enabled_end(PLACE_ARMV7M, &b, b.start + app,
                                          b.start + b.size - kernel, &end))
                        found = b;
            expect_block(PLACE_ARMV7M, &r, found.start, found.size);
        }
}

Test(place_ram, breaks_out_of_order_are_refused)
{
    static const struct place_block b = {0x20000000, 1024};
    static const uint32_t bad[][2] = {
        {0x1fffffff, 0x20000200}, /* app break below the block     */
        {0x20000101, 0x20000100}, /* above the kernel break        */
        {0x20000100, 0x20000401}, /* kernel break behind the block */
        {0x20000100, 0x1fffffff}, {0xffffffff, 0xffffffff}, {0, 0}};
    uint32_t end;

    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++)
        for (size_t n = 0; n < ARRAY_COUNT(bad); n++)
            cr_expect(not(place_enabled_end(kinds[k], &b, bad[n][0], bad[n][1],
                                            &end)),
                      "pair %zu", n);
}
