/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place/armv7m.h"
#include "place/armv8m.h"
#include "place/pmp.h"
#include "tests/unit/lib/mpu_oracle.h"

TestSuite(place_window, .timeout = 60);

typedef bool (*map_window)(uint32_t address, uint32_t size,
                           struct oracle_map *map);

static bool map_armv7m(uint32_t address, uint32_t size, struct oracle_map *map)
{
    struct armv7m_region region;

    if (!armv7m_window(PLACE_WINDOWS - 1, address, size, &region))
        return false;
    oracle_add_arm(map, region.rbar, region.rasr);
    oracle_must((region.rbar & 15) == ARMV7M_REGION_WINDOW + PLACE_WINDOWS - 1,
                "not the region of this window");
    return true;
}

static bool map_armv8m(uint32_t address, uint32_t size, struct oracle_map *map)
{
    struct armv8m_region region;

    if (!armv8m_window(address, size, &region))
        return false;
    oracle_add_armv8m(map, region.rbar, region.rlar, ARMV8M_MAIR0);
    return true;
}

static bool map_pmp(uint32_t address, uint32_t size, struct oracle_map *map)
{
    struct pmp_window window;

    if (!pmp_window(address, size, &window))
        return false;
    /* Whatever the entry before holds, this window begins at its own. */
    oracle_add_pmp(map, 0xffffffff, window.addr[0], PMP_CFG_RAM & 0xff);
    oracle_add_pmp(map, window.addr[0], window.addr[1], PMP_CFG_RAM >> 8);
    return true;
}

static void expect_exactly(const struct oracle_map *map, uint32_t address,
                           uint32_t size)
{
    const int open = RIGHT_READ | RIGHT_WRITE;

    for (int i = 0; i < map->edge_count; i++) {
        for (uint32_t back = 0; back < 2; back++) {
            uint32_t at = map->edges[i] - back;
            bool is_inside = at >= address && at - address < size;

            if (oracle_rights(map, at) != (is_inside ? open : 0))
                cr_fatal("byte 0x%x of 0x%x+0x%x", at, address, size);
        }
    }
    oracle_must(oracle_rights(map, address) == open, "first byte");
    oracle_must(oracle_rights(map, address + size - 1) == open, "last byte");
}

static uint32_t walk(enum place_kind kind, map_window map_it)
{
    uint32_t mapped = 0;

    for (uint32_t address = 0x20000000; address < 0x20000800; address += 4) {
        for (uint32_t size = 0; size <= 0x400; size += 2) {
            struct oracle_map map = {.region_count = 0, .edge_count = 0};
            bool fits = place_flash_fits(kind, address, size);

            if (map_it(address, size, &map) != fits)
                cr_fatal("0x%x+0x%x", address, size);
            if (!fits)
                continue;
            expect_exactly(&map, address, size);
            mapped++;
        }
    }
    return mapped;
}

Test(place_window, a_window_opens_exactly_its_bytes_for_reading_and_writing)
{
    cr_expect(gt(u32, walk(PLACE_ARMV7M, map_armv7m), 100));
    cr_expect(eq(u32, walk(PLACE_ARMV8M, map_armv8m), 64 * 32));
    cr_expect(eq(u32, walk(PLACE_PMP, map_pmp), 512 * 256));
}

/* What apps built elsewhere share: buffers aligned to their size. */
Test(place_window, powers_of_two_aligned_to_their_size_fit_everywhere)
{
    struct oracle_map map = {.region_count = 0};

    for (uint32_t size = 32; size <= 0x8000; size *= 2) {
        cr_expect(map_armv7m(0x20000000 + size, size, &map));
        cr_expect(place_flash_fits(PLACE_ARMV8M, 0x20000000 + size, size));
        cr_expect(place_flash_fits(PLACE_PMP, 0x20000000 + size, size));
        map.region_count = 0;
        map.edge_count = 0;
    }
}

Test(place_window, each_window_has_a_region_of_its_own)
{
    for (uint32_t i = 0; i < PLACE_WINDOWS; i++) {
        struct armv7m_region region;

        cr_assert(armv7m_window(i, 0x20000000, 64, &region));
        cr_expect(eq(u32, region.rbar & 31, ARMV7M_NO_WINDOW_RBAR(i)));
        cr_expect(ge(u32, region.rbar & 15, ARMV7M_PROCESS_REGIONS));
        cr_expect(lt(u32, region.rbar & 15, 7)); /* the port's */
    }
}
