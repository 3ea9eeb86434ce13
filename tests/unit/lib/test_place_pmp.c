/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place/pmp.h"

#define CASES_KIND       PLACE_PMP
#define CASES_STEP(size) 4
#include "tests/unit/lib/place_cases.h"

static bool cases_map(const struct oracle_process *p, struct oracle_map *map)
{
    struct pmp_map pmp;

    if (!pmp_windows(&p->ram, p->app_break, p->kernel_break, p->flash_start,
                     p->flash_size, &pmp))
        return false;
    for (int i = 0; i < PMP_PROCESS_ENTRIES; i++)
        oracle_add_pmp(map, i == 0 ? 0 : pmp.addr[i - 1], pmp.addr[i],
                       (uint8_t)(PMP_CFG_PROCESS >> 8 * i));
    return true;
}

Test(place_pmp, no_byte_of_the_kernel_s_is_open_for_any_app_size)
{
    cases_sizes(128 * 1024);
    cases_count(1000000);
}

Test(place_pmp, no_byte_of_the_kernel_s_is_open_for_any_break)
{
    cases_breaks(0x20000000, 512, true);
    cases_breaks(0x20000104, 68, true);
    cases_breaks(0x20000c0c, 1024, false);
    cases_count(600000);
}

Test(place_pmp, flash_is_mapped_exactly_in_all_its_shapes)
{
    struct oracle_process p = {.ram = {0x20000000, 4096},
                               .app_break = 0x20000701,
                               .kernel_break = 0x20000c00};

    for (p.flash_start = 0; p.flash_start < 0x400; p.flash_start++)
        for (p.flash_size = 0; p.flash_size <= 0x200; p.flash_size++) {
            struct oracle_map map = {.region_count = 0, .edge_count = 0};
            bool fits = p.flash_size != 0 && p.flash_start % 4 == 0 &&
                        p.flash_size % 4 == 0;

            if (cases_map(&p, &map) != fits)
                cr_fatal("flash 0x%x+0x%x", p.flash_start, p.flash_size);
            if (!fits)
                continue;
            oracle_must(place_enabled_end(PLACE_PMP, &p.ram, p.app_break,
                                          p.kernel_break, &p.enabled_end),
                        "refused");
            oracle_check(&map, &p, false);
        }
}

Test(place_pmp, an_empty_window_still_opens_the_first_word)
{
    struct place_block ram = {0x80002800, 64};
    uint32_t end;

    cr_assert(
        place_enabled_end(PLACE_PMP, &ram, ram.start, ram.start + 4, &end));
    cr_expect(eq(u32, end, ram.start + 4));
    cr_expect(not(
        place_enabled_end(PLACE_PMP, &ram, ram.start, ram.start + 3, &end)));
    cr_expect(
        not(place_enabled_end(PLACE_PMP, &ram, ram.start, ram.start, &end)));
}

Test(place_pmp, register_values_are_those_worked_out_by_hand)
{
    struct place_block ram = {0x80002800, 0x1000};
    struct pmp_map map;

    cr_assert(
        pmp_windows(&ram, 0x80002801, 0x80003000, 0x20040000, 0x1004, &map));
    cr_expect(eq(u32, map.addr[0], 0x20000a00));
    cr_expect(eq(u32, map.addr[1], 0x20000a01));
    cr_expect(eq(u32, map.addr[2], 0x08010000));
    cr_expect(eq(u32, map.addr[3], 0x08010401));
    cr_expect(eq(u32, PMP_CFG_PROCESS, 0x0d000b00));
}

Test(place_pmp, blocks_that_are_none_are_refused)
{
    static const struct place_block bad[] = {{0x80000001, 64},
                                             {0x80000002, 64},
                                             {0xffffffc0, 64},
                                             {0xfffffffc, 0xffffffff}};
    uint32_t end;

    for (size_t n = 0; n < ARRAY_COUNT(bad); n++)
        cr_expect(not(place_enabled_end(PLACE_PMP, &bad[n], bad[n].start,
                                        bad[n].start + 8, &end)),
                  "block %zu", n);
}
