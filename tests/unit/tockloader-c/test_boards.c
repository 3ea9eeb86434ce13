/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "boards.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(boards, both_are_known_and_no_other_name_is)
{
    const struct board *board = board_find("qemu_rv32_virt");

    cr_assert(ne(ptr, (void *)(uintptr_t)board, NULL));
    cr_expect(eq(u32, board->apps.start, 0x80100000));
    cr_expect(ne(ptr, (void *)(uintptr_t)board_find("mps2_an386"), NULL));
    cr_expect(eq(ptr, (void *)(uintptr_t)board_find("mps2"), NULL));
    cr_expect(eq(ptr, (void *)(uintptr_t)board_find(""), NULL));
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
