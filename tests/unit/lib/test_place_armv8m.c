/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place/armv8m.h"

#define CASES_KIND       PLACE_ARMV8M
#define CASES_STEP(size) 32
#include "tests/unit/lib/place_cases.h"

static bool cases_map(const struct oracle_process *p, struct oracle_map *map)
{
    struct armv8m_region regions[ARMV8M_PROCESS_REGIONS];

    if (!armv8m_regions(&p->ram, p->app_break, p->kernel_break, p->flash_start,
                        p->flash_size, regions))
        return false;
    for (int i = 0; i < ARMV8M_PROCESS_REGIONS; i++)
        oracle_add_armv8m(map, regions[i].rbar, regions[i].rlar, ARMV8M_MAIR0);
    return true;
}

Test(place_armv8m, no_byte_of_the_kernel_s_is_open_for_any_app_size)
{
    cases_sizes(128 * 1024);
    cases_count(1000000);
}

Test(place_armv8m, no_byte_of_the_kernel_s_is_open_for_any_break)
{
    cases_breaks(0x20000000, 512, true);
    cases_breaks(0x20000120, 96, true);
    cases_breaks(0x20000c20, 1024, false);
    cases_count(600000);
}

Test(place_armv8m, flash_is_mapped_exactly_in_all_its_shapes)
{
    struct oracle_process p = {.ram = {0x20000000, 4096},
                               .app_break = 0x20000701,
                               .kernel_break = 0x20000c00};
    uint32_t mapped = 0;

    for (p.flash_start = 0; p.flash_start < 0x400; p.flash_start++)
        for (p.flash_size = 0; p.flash_size <= 0x200; p.flash_size++) {
            struct oracle_map map = {.region_count = 0, .edge_count = 0};
            bool fits = p.flash_size != 0 && p.flash_start % 32 == 0 &&
                        p.flash_size % 32 == 0;

            if (cases_map(&p, &map) != fits)
                cr_fatal("flash 0x%x+0x%x", p.flash_start, p.flash_size);
            if (!fits)
                continue;
            mapped++;
            oracle_must(place_enabled_end(PLACE_ARMV8M, &p.ram, p.app_break,
                                          p.kernel_break, &p.enabled_end),
                        "refused");
            oracle_check(&map, &p, false);
        }
    cr_expect(eq(u32, mapped, 32 * 16));
}

/* Two regions that match one byte would shut it for app and kernel. */
Test(place_armv8m, windows_with_a_common_byte_are_refused)
{
    const struct place_block ram = {0x20000000, 512};
    const uint32_t app_break = 0x20000041; /* enabled to 0x20000060 */
    const uint32_t kernel_break = 0x20000100;

    for (uint32_t start = 0x1ffffe00; start < 0x20000200; start += 32)
        for (uint32_t size = 32; size <= 0x400; size += 32) {
            struct armv8m_region regions[ARMV8M_PROCESS_REGIONS];
            bool meet = start < 0x20000060 && start + size > 0x20000000;

            if (armv8m_regions(&ram, app_break, kernel_break, start, size,
                               regions) == meet)
                cr_fatal("flash 0x%x+0x%x", start, size);
        }
}

Test(place_armv8m, an_app_may_give_back_all_its_memory)
{
    struct place_block ram = {0x20000020, 2048};
    struct armv8m_region regions[ARMV8M_PROCESS_REGIONS];
    uint32_t end;

    cr_assert(
        place_enabled_end(PLACE_ARMV8M, &ram, ram.start, ram.start, &end));
    cr_expect(eq(u32, end, ram.start));
    cr_assert(
        armv8m_regions(&ram, ram.start, ram.start, 0x8000, 0x1000, regions));
    cr_expect(eq(u32, regions[ARMV8M_REGION_RAM].rlar, 0));
}

Test(place_armv8m, register_values_are_those_worked_out_by_hand)
{
    struct place_block ram = {0x38010020, 0x1000};
    struct armv8m_region r[ARMV8M_PROCESS_REGIONS];

    /* 0x801 bytes need 65 granules; the last is the one at +0x800 */
    cr_assert(
        armv8m_regions(&ram, 0x38010821, 0x38010900, 0x80100000, 0x14020, r));
    cr_expect(eq(u32, r[0].rbar, 0x38010023));
    cr_expect(eq(u32, r[0].rlar, 0x38010821));
    cr_expect(eq(u32, r[1].rbar, 0x80100006));
    cr_expect(eq(u32, r[1].rlar, 0x80114001));
    /* one granule: base and limit are the same */
    cr_assert(
        armv8m_regions(&ram, ram.start + 1, ram.start + 32, 0x80000000, 32, r));
    cr_expect(eq(u32, r[0].rlar, 0x38010021));
    cr_expect(eq(u32, r[1].rlar, 0x80000001));
}

Test(place_armv8m, blocks_that_are_none_are_refused)
{
    static const struct place_block bad[] = {
        {0x20000010, 512}, {0x20000001, 512}, {0x20000000, 500},
        {0x20000000, 48},  {0xffffffe0, 32},  {0x80000000, 0x80000000}};
    struct armv8m_region regions[ARMV8M_PROCESS_REGIONS];
    uint32_t end;

    for (size_t n = 0; n < ARRAY_COUNT(bad); n++) {
        cr_expect(not(place_enabled_end(PLACE_ARMV8M, &bad[n], bad[n].start,
                                        bad[n].start, &end)),
                  "block %zu", n);
        cr_expect(not(armv8m_regions(&bad[n], bad[n].start, bad[n].start, 0,
                                     512, regions)));
    }
}
