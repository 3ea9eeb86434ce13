/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place/armv7m.h"

#define CASES_KIND       PLACE_ARMV7M
#define CASES_STEP(size) ((size) / 16)
#include "tests/unit/lib/place_cases.h"

/* Regions may come in any order; the highest number decides. */
static bool cases_map(const struct oracle_process *p, struct oracle_map *map)
{
    struct armv7m_region regions[ARMV7M_PROCESS_REGIONS];

    if (!armv7m_regions(&p->ram, p->app_break, p->kernel_break, p->flash_start,
                        p->flash_size, regions))
        return false;
    for (uint32_t number = 8; number-- > 0;)
        for (int i = 0; i < ARMV7M_PROCESS_REGIONS; i++)
            if ((regions[i].rbar & 15) == number)
                oracle_add_arm(map, regions[i].rbar, regions[i].rasr);
    oracle_must(map->region_count == ARMV7M_PROCESS_REGIONS,
                "region number above 7");
    return true;
}

Test(place_armv7m, no_byte_of_the_kernel_s_is_open_for_any_app_size)
{
    cases_sizes(128 * 1024);
    cases_count(1000000);
}

Test(place_armv7m, no_byte_of_the_kernel_s_is_open_for_any_break)
{
    cases_breaks(0x20000000, 512, true);
    cases_breaks(0x20000100, 512, true);
    cases_breaks(0x20000c00, 1024, false);
    cases_count(700000);
}

Test(place_armv7m, flash_is_mapped_exactly_in_all_its_shapes)
{
    struct oracle_process p = {.ram = {0x20000000, 4096},
                               .app_break = 0x20000700,
                               .kernel_break = 0x20000c00};
    uint32_t mapped = 0;

    for (p.flash_start = 0; p.flash_start < 0x4000; p.flash_start += 16)
        for (p.flash_size = 0; p.flash_size <= 0x2000; p.flash_size += 16) {
            struct oracle_map map = {.region_count = 0, .edge_count = 0};
            bool fits =
                place_flash_fits(PLACE_ARMV7M, p.flash_start, p.flash_size);

            if (cases_map(&p, &map) != fits)
                cr_fatal("flash 0x%x+0x%x", p.flash_start, p.flash_size);
            if (!fits)
                continue;
            mapped++;
            oracle_must(place_enabled_end(PLACE_ARMV7M, &p.ram, p.app_break,
                                          p.kernel_break, &p.enabled_end),
                        "refused");
            oracle_check(&map, &p, false);
        }
    cr_expect(gt(u32, mapped, 2000));
}

Test(place_armv7m, an_app_may_give_back_all_its_memory)
{
    struct place_block ram = {0x20000000, 2048};
    struct armv7m_region regions[ARMV7M_PROCESS_REGIONS];
    uint32_t end;

    cr_assert(
        place_enabled_end(PLACE_ARMV7M, &ram, ram.start, ram.start, &end));
    cr_expect(eq(u32, end, ram.start));
    cr_assert(
        armv7m_regions(&ram, ram.start, ram.start, 0x8000, 0x1000, regions));
    cr_expect(eq(u32, regions[0].rasr, 0));
    cr_expect(eq(u32, regions[1].rasr, 0));
}

Test(place_armv7m, register_values_are_those_worked_out_by_hand)
{
    /* 8 KiB at 0x20005000, subregions of 512 bytes; a break of 0x1200 needs
     * nine: all of the low half and one of the high half */
    struct place_block ram = {0x20005000, 0x2000};
    struct armv7m_region r[ARMV7M_PROCESS_REGIONS];

    cr_assert(
        armv7m_regions(&ram, 0x20006200, 0x20006200, 0x24000, 0x14000, r));
    cr_expect(eq(u32, r[0].rbar, 0x20005010));
    cr_expect(eq(u32, r[0].rasr, 0x13060017));
    cr_expect(eq(u32, r[1].rbar, 0x20006011));
    cr_expect(eq(u32, r[1].rasr, 0x1306fe17));
    /* 80 KiB at 0x24000: subregions 1 to 5 of 16 KiB in 128 KiB */
    cr_expect(eq(u32, r[2].rbar, 0x20012));
    cr_expect(eq(u32, r[2].rasr, 0x0202c121));
}

Test(place_armv7m, blocks_that_are_none_are_refused)
{
    static const struct place_block bad[] = {
        {0x20000000, 0},         {0x20000000, 256},  {0x20000000, 768},
        {0x20000080, 512},       {0x20000100, 1024}, {0xfffffe00, 512},
        {0x80000000, 0x80000000}};
    struct armv7m_region regions[ARMV7M_PROCESS_REGIONS];
    uint32_t end;

    for (size_t n = 0; n < ARRAY_COUNT(bad); n++) {
        cr_expect(not(place_enabled_end(PLACE_ARMV7M, &bad[n], bad[n].start,
                                        bad[n].start, &end)),
                  "block %zu", n);
        cr_expect(not(armv7m_regions(&bad[n], bad[n].start, bad[n].start, 0,
                                     512, regions)));
    }
}
