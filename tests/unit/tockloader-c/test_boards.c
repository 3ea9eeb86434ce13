/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "boards.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(boards, both_are_known_and_no_other_name_is)
{
    const struct board *board = board_find("qemu_rv32_virt");

    cr_assert(ne(ptr, (void *)(uintptr_t)board, NULL));
    cr_expect(eq(u32, board->apps.start, 0x80100000));
    cr_expect(ne(ptr, (void *)(uintptr_t)board_find("mps2_an386"), NULL));
    cr_expect(eq(ptr, (void *)(uintptr_t)board_find("mps2"), NULL));
    cr_expect(eq(ptr, (void *)(uintptr_t)board_find(""), NULL));
}

static bool runs(const char *board, const char *architecture)
{
    const struct board *b = board_find(board);

    for (int a = 0; b->architectures[a] != NULL; a++)
        if (strcmp(b->architectures[a], architecture) == 0)
            return true;
    return false;
}

/* An object for a larger core may hold instructions that a smaller lacks. */
Test(boards, of_a_tab_they_take_what_their_processor_runs)
{
    static const char *const boards[] = {
        "mps2_an385", "mps2_an386", "mps2_an500", "mps2_an505", "mps2_an511"};
    static const char *const own[] = {"cortex-m3", "cortex-m4", "cortex-m7",
                                      "cortex-m33", "cortex-m3"};

    for (int i = 0; i < 5; i++) {
        const struct board *b = board_find(boards[i]);

        cr_assert(ne(ptr, (void *)(uintptr_t)b, NULL));
        cr_expect(eq(str, (char *)b->architectures[0], (char *)own[i]));
        cr_expect(runs(boards[i], "cortex-m0"));
        cr_expect(runs(boards[i], "cortex-m3"));
        cr_expect(not(runs(boards[i], "rv32imac")));
    }
    cr_expect(not(runs("mps2_an385", "cortex-m4")));
    cr_expect(not(runs("mps2_an386", "cortex-m7")));
    cr_expect(not(runs("mps2_an505", "cortex-m7")));
}

Test(boards, place_apps_as_their_memory_protection_needs)
{
    cr_expect(eq(int, board_find("mps2_an385")->place, PLACE_ARMV7M));
    cr_expect(eq(int, board_find("mps2_an500")->place, PLACE_ARMV7M));
    cr_expect(eq(int, board_find("mps2_an505")->place, PLACE_ARMV8M));
    cr_expect(eq(int, board_find("mps2_an511")->place, PLACE_ARMV7M));
    cr_expect(eq(int, board_find("qemu_rv32_virt")->place, PLACE_PMP));
}

/* What the plans rely on. */
Test(boards, areas_are_whole_pages_inside_the_flash)
{
    for (unsigned i = 0; i < boards_known_count; i++) {
        const struct board *b = &boards_known[i];
        const struct board_area *areas[] = {&b->kernel, &b->storage, &b->apps};

        for (int a = 0; a < 3; a++) {
            cr_expect(zero(u32, areas[a]->start % b->page_size));
            cr_expect(zero(u32, areas[a]->size % b->page_size));
            cr_expect(ge(u32, areas[a]->start, b->flash.start));
            cr_expect(le(u64, (uint64_t)areas[a]->start + areas[a]->size,
                         (uint64_t)b->flash.start + b->flash.size));
        }
    }
}
