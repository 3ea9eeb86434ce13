/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place/place.h"

#include "base/attr.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define SEED 0x666c7368u

static const enum place_kind kinds[] = {PLACE_ARMV7M, PLACE_ARMV8M, PLACE_PMP};

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static bool is_power(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/* The two ways of docs/architecture.md, "Placement", in the rule's words. */
static bool armv7m_may(uint64_t start, uint64_t size)
{
    uint64_t step = 1;

    if (size == 0 || start + size > 0xffffffff)
        return false;
    if (is_power(size) && size >= 32 && start % size == 0)
        return true;
    if (start == 0)
        for (step = 32; 8 * step < size;)
            step *= 2;
    else
        while (start % (2 * step) == 0)
            step *= 2;
    return step >= 32 && 8 * step <= 1ull << 32 && size % step == 0 &&
           start % (8 * step) + size <= 8 * step;
}

Test(place_flash, armv7m_maps_powers_of_two_and_whole_subregions)
{
    for (uint32_t start = 0; start < 0x3000; start += 8)
        for (uint32_t size = 0; size < 0x1400; size += 8)
            if (place_flash_fits(PLACE_ARMV7M, start, size) !=
                armv7m_may(start, size))
                cr_fatal("0x%x+0x%x", start, size);
}

Test(place_flash, armv7m_follows_the_rule_at_all_magnitudes)
{
    uint32_t random = SEED;
    uint32_t fitting = 0;

    cr_log_info("2000000 pairs, seed 0x%x", SEED);
    for (uint32_t n = 0; n < 2000000; n++) {
        uint32_t start = next_random(&random) % 64 << next_random(&random) % 32;
        uint32_t size = next_random(&random) % 16 << next_random(&random) % 32;
        bool fits = place_flash_fits(PLACE_ARMV7M, start, size);

        fitting += fits;
        if (fits != armv7m_may(start, size))
            cr_fatal("0x%x+0x%x", start, size);
    }
    cr_expect(gt(u32, fitting, 10000));
}

Test(place_flash, pmp_maps_whole_words)
{
    for (uint32_t start = 0; start < 64; start++)
        for (uint32_t size = 0; size < 64; size++)
            cr_expect(eq(int, place_flash_fits(PLACE_PMP, start, size),
                         size != 0 && start % 4 == 0 && size % 4 == 0));
}

Test(place_flash, armv8m_maps_whole_granules)
{
    for (uint32_t start = 0; start < 256; start++)
        for (uint32_t size = 0; size < 256; size++)
            if (place_flash_fits(PLACE_ARMV8M, start, size) !=
                (size != 0 && start % 32 == 0 && size % 32 == 0))
                cr_fatal("0x%x+0x%x", start, size);
}

Test(place_flash, no_object_ends_behind_the_address_space)
{
    cr_expect(place_flash_fits(PLACE_ARMV7M, 0xffffff00, 0x80));
    cr_expect(not(place_flash_fits(PLACE_ARMV7M, 0xffffff00, 0x100)));
    cr_expect(not(place_flash_fits(PLACE_ARMV7M, 0x80000000, 0x80000000)));
    cr_expect(not(place_flash_fits(PLACE_ARMV7M, 0xc0000000, 0x80000000)));
    cr_expect(place_flash_fits(PLACE_ARMV8M, 0xffffff00, 0xe0));
    cr_expect(not(place_flash_fits(PLACE_ARMV8M, 0xffffff00, 0x100)));
    cr_expect(place_flash_fits(PLACE_PMP, 0xfffffff0, 12));
    cr_expect(not(place_flash_fits(PLACE_PMP, 0xfffffff0, 16)));
    cr_expect(not(place_flash_fits(PLACE_PMP, 0xfffffffc, 0xfffffffc)));
}

/*
 * Every size to 4 KiB with every from below 12 KiB: walking down, the lowest
 * address that fits is known at each step.
 */
static void next_is_the_first_that_fits(enum place_kind kind, uint32_t size)
{
    enum { FROM_END = 0x3000, SCAN_END = 0x6000 };
    uint32_t first = 0xffffffff;

    for (uint32_t from = SCAN_END; from-- > 0;) {
        uint32_t next = 0xffffffff;
        bool is_there;

        if (place_flash_fits(kind, from, size))
            first = from;
        if (from >= FROM_END)
            continue;
        is_there = place_flash_next(kind, from, size, &next);
        if (is_there != (first != 0xffffffff) || next != first)
            cr_fatal("kind %d, from 0x%x, size 0x%x: 0x%x, not 0x%x", kind,
                     from, size, next, first);
        /* most sizes fit nowhere: that needs no asking at each address */
        if (!is_there)
            return;
    }
}

Test(place_flash, next_and_fits_agree_for_all_small_sizes)
{
    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++)
        for (uint32_t size = 0; size <= 0x1000; size++)
            if (size % 32 == 0 || size % 61 == 0)
                next_is_the_first_that_fits(kinds[k], size);
}

Test(place_flash, next_and_fits_agree_at_all_magnitudes)
{
    uint32_t random = SEED;
    uint32_t found = 0;

    cr_log_info("200000 pairs, seed 0x%x", SEED);
    for (uint32_t n = 0; n < 200000; n++) {
        enum place_kind kind = kinds[n % ARRAY_COUNT(kinds)];
        uint32_t from = next_random(&random);
        uint32_t size = (1 + next_random(&random) % 11)
                        << next_random(&random) % 29;
        /* whatever fits begins at a multiple of an eighth of its size,
         * rounded down to a power of two */
        uint64_t grid = 4;
        uint64_t end = 0x100000000;
        uint32_t next;

        while (kind == PLACE_ARMV7M && grid * 16 <= size)
            grid *= 2;
        if (place_flash_next(kind, from, size, &next)) {
            found++;
            end = next;
            if (next < from || !place_flash_fits(kind, next, size))
                cr_fatal("from 0x%x, size 0x%x: 0x%x", from, size, next);
        }
        if (end - from > 64 * grid)
            end = from + 64 * grid; /* scanning all would take too long */
        for (uint64_t at = (from + grid - 1) / grid * grid; at < end;
             at += grid)
            if (place_flash_fits(kind, (uint32_t)at, size))
                cr_fatal("from 0x%x, size 0x%x: 0x%llx", from, size,
                         (unsigned long long)at);
    }
    cr_expect(gt(u32, found, 20000));
}

Test(place_flash, next_finds_nothing_above_the_last_place)
{
    uint32_t next = 1;

    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
        cr_expect(not(place_flash_next(kinds[k], 0, 0, &next)));
        cr_expect(not(place_flash_next(kinds[k], 0xffffffff, 32, &next)));
        cr_expect(not(place_flash_next(kinds[k], 0xffffffc1, 64, &next)));
        cr_expect(
            not(place_flash_next(kinds[k], 0x80000001, 0x80000000, &next)));
        cr_expect(not(place_flash_next(kinds[k], 0, 0xffffffff, &next)));
    }
    cr_expect(eq(u32, next, 1));
    cr_expect(place_flash_next(PLACE_ARMV7M, 1, 0x40000000, &next));
    cr_expect(eq(u32, next, 0x10000000)); /* half of eight 256 MiB parts */
}

/* An app of 80 KiB needs no 128 KiB where its start suits it. */
Test(place_flash, subregions_serve_sizes_that_are_no_power_of_two)
{
    uint32_t next;

    cr_assert(place_flash_next(PLACE_ARMV7M, 0x40000, 80 * 1024, &next));
    cr_expect(eq(u32, next, 0x44000));
    cr_assert(place_flash_next(PLACE_ARMV7M, 0x44001, 80 * 1024, &next));
    cr_expect(eq(u32, next, 0x4c000));
    cr_assert(place_flash_next(PLACE_ARMV7M, 0x4c001, 80 * 1024, &next));
    cr_expect(eq(u32, next, 0x64000));
}
