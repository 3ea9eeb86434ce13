/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "elf2tbf/segments.h"
#include "elf_maker.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

TestSuite(segments, .timeout = 10);

/* The program of a maker, and what binary_find says of it. */
struct found {
    struct file_bytes file;
    struct elf_program program;
    struct binary binary;
    struct notes notes;
    struct err e;
    int result;
};

static struct found find_in_order(struct elf_maker *m, enum binary_order order)
{
    struct found f = {.file = maker_finish(m)};

    cr_assert(
        zero(int, elf_program_open(f.file.bytes, f.file.len, &f.program, &f.e)),
        "%s", f.e.text);
    f.result = binary_find(&f.program, order, &f.binary, &f.notes, &f.e);
    return f;
}

static struct found find(struct elf_maker *m)
{
    return find_in_order(m, BINARY_SORTED);
}

static void forget(struct found *f)
{
    if (f->result == 0)
        binary_free(&f->binary);
    notes_free(&f->notes);
    elf_program_free(&f->program);
    file_free(&f->file);
}

static void expect_refused(struct elf_maker *m, const char *text)
{
    struct found f = find(m);

    cr_expect(eq(int, f.result, -1), "%s", text);
    cr_expect(eq(int, f.e.kind, ERR_INPUT));
    cr_expect(eq(str, f.e.text, text));
    forget(&f);
}

/* .text at 0x40080, 100 bytes. */
static struct elf_maker with_text(void)
{
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0x40081);

    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x40080, 0x40080, 100);
    return m;
}

Test(segments, parts_are_sorted_by_load_address)
{
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0);

    maker_load(&m, ".c", MAKER_A, MAKER_R, 0x40200, 0x40200, 16);
    maker_load(&m, ".a", MAKER_AX, MAKER_RX, 0x40080, 0x40080, 100);
    maker_load(&m, ".b", MAKER_WA, MAKER_RW, 0x20000000, 0x400e4, 8);
    struct found f = find(&m);

    cr_assert(zero(int, f.result), "%s", f.e.text);
    cr_assert(eq(sz, f.binary.count, 3));
    cr_expect(eq(u32, f.binary.parts[0].segment.paddr, 0x40080));
    cr_expect(eq(u32, f.binary.parts[1].segment.paddr, 0x400e4));
    cr_expect(eq(u32, f.binary.parts[2].segment.paddr, 0x40200));
    cr_expect(zero(u32, f.binary.parts[0].gap));
    cr_expect(zero(u32, f.binary.parts[1].gap));
    cr_expect(eq(u32, f.binary.parts[2].gap, 0x40200 - 0x400ec));
    cr_expect(eq(u32, f.binary.flash, 0x40080));
    cr_expect(not(f.binary.is_pic));
    cr_expect(not(f.binary.has_ram));
    forget(&f);
}

Test(segments, the_order_of_the_file_can_be_kept)
{
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0x40081);

    maker_load(&m, ".c", MAKER_A, MAKER_R, 0x40200, 0x40200, 16);
    maker_load(&m, ".a", MAKER_AX, MAKER_RX, 0x40080, 0x40080, 100);
    maker_load(&m, ".b", MAKER_A, MAKER_R, 0x40100, 0x40100, 8);
    struct found f = find_in_order(&m, BINARY_FILE_ORDER);

    cr_assert(zero(int, f.result), "%s", f.e.text);
    cr_expect(eq(u32, f.binary.parts[0].segment.paddr, 0x40200));
    cr_expect(zero(u32, f.binary.parts[0].gap));
    cr_expect(eq(u32, f.binary.parts[1].segment.paddr, 0x40080));
    cr_expect(zero(u32, f.binary.parts[1].gap));
    cr_expect(eq(u32, f.binary.parts[2].segment.paddr, 0x40100));
    cr_expect(eq(u32, f.binary.parts[2].gap, 0x40100 - 0x400e4));
    cr_expect(eq(sz, f.notes.count, 1));
    forget(&f);
}

Test(segments, overlaps_are_refused_in_any_order)
{
    struct elf_maker m = with_text();

    maker_load(&m, ".a", MAKER_A, MAKER_R, 0x40070, 0x40070, 17);
    struct found f = find_in_order(&m, BINARY_FILE_ORDER);

    cr_expect(eq(int, f.result, -1));
    forget(&f);
}

Test(segments, symbols_win_over_segments)
{
    struct elf_maker m = with_text();

    maker_symbol(&m, "_flash_origin", 0x40060);
    maker_symbol(&m, "_sram_origin", 0x20001000);
    struct found f = find(&m);

    cr_assert(zero(int, f.result), "%s", f.e.text);
    cr_expect(eq(u32, f.binary.flash, 0x40060));
    cr_expect(eq(u32, f.binary.ram, 0x20001000));
    cr_expect(f.binary.has_ram);
    /* The code must end up at its own address. */
    cr_expect(eq(u32, f.binary.parts[0].gap, 0x20));
    forget(&f);
}

Test(segments, a_zero_ram_symbol_means_not_fixed)
{
    struct elf_maker m = with_text();

    maker_symbol(&m, "_sram_origin", 0);
    struct found f = find(&m);

    cr_assert(zero(int, f.result), "%s", f.e.text);
    cr_expect(not(f.binary.has_ram));
    forget(&f);
}

Test(segments, position_independence_shows_in_the_address)
{
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0x80000029);

    maker_load(&m, ".crt0_header", MAKER_A, MAKER_R, 0x80000000, 0x80000000,
               40);
    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x80000028, 0x80000028, 8);
    struct found f = find(&m);

    cr_assert(zero(int, f.result), "%s", f.e.text);
    cr_expect(f.binary.is_pic);
    forget(&f);

    m = with_text();
    maker_symbol(&m, "_flash_origin", 0x80000000);
    f = find(&m);
    cr_assert(zero(int, f.result), "%s", f.e.text);
    cr_expect(f.binary.is_pic);
    forget(&f);
}

Test(segments, data_at_0x80000000_in_ram_is_not_position_independence)
{
    struct elf_maker m = maker_begin(ELF_MACHINE_RISCV, 0x20040080);

    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x20040080, 0x20040080, 100);
    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0x80000000, 0x200400e4, 8);
    struct found f = find(&m);

    cr_assert(zero(int, f.result), "%s", f.e.text);
    cr_expect(not(f.binary.is_pic));
    cr_expect(eq(u32, f.binary.flash, 0x20040080));
    forget(&f);
}

Test(segments, a_first_part_without_code_still_is_the_start)
{
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0x400a9);

    maker_load(&m, ".crt0_header", MAKER_A, MAKER_R, 0x40080, 0x40080, 40);
    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x400a8, 0x400a8, 100);
    struct found f = find(&m);

    cr_assert(zero(int, f.result), "%s", f.e.text);
    cr_expect(eq(u32, f.binary.flash, 0x40080));
    cr_expect(eq(sz, f.binary.count, 2));
    forget(&f);
}

Test(segments, a_stack_with_contents_is_left_out)
{
    struct elf_maker m = with_text();

    maker_load(&m, ".stack", MAKER_AX, MAKER_RX, 0x20004000, 0x20004000, 64);
    maker_symbol(&m, "_sram_origin", 0x20004000);
    struct found f = find(&m);

    cr_assert(zero(int, f.result), "%s", f.e.text);
    cr_expect(eq(sz, f.binary.count, 1));
    cr_expect(zero(u64, binary_ram_size(&f.program)));
    forget(&f);
}

Test(segments, contents_for_ram_are_refused_by_name)
{
    struct elf_maker m = with_text();

    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0x20004000, 0x20004000, 64);
    maker_symbol(&m, "_sram_origin", 0x20004000);
    expect_refused(&m, "section '.data' has contents and would be loaded to "
                       "RAM at 0x20004000");

    m = with_text();
    maker_nobits(&m, ".bss", MAKER_WA, 0x20004000, 256);
    maker_segment(&m, MAKER_RW, 0x20004000, 0x20004000, 0, 256);
    maker_load(&m, ".ramfunc", MAKER_AX, MAKER_RX, 0x200040f0, 0x200040f0, 8);
    expect_refused(&m, "section '.ramfunc' has contents and would be loaded "
                       "to RAM at 0x200040f0");
}

Test(segments, absurd_gaps_are_refused_by_name)
{
    struct elf_maker m = with_text();
    uint32_t end = 0x40080 + 100;

    maker_load(&m, ".far", MAKER_A, MAKER_R, end + BINARY_MAX_GAP,
               end + BINARY_MAX_GAP, 8);
    struct found f = find(&m);
    cr_assert(zero(int, f.result), "%s", f.e.text);
    cr_expect(eq(sz, f.notes.count, 1));
    forget(&f);

    m = with_text();
    maker_load(&m, ".far", MAKER_A, MAKER_R, end + BINARY_MAX_GAP + 1,
               end + BINARY_MAX_GAP + 1, 8);
    expect_refused(&m, "section '.far' is loaded at 0x000800e5, 262145 bytes "
                       "behind '.text'");
}

Test(segments, overlaps_are_refused_by_name)
{
    struct elf_maker m = with_text();

    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0x20000000, 0x400e3, 8);
    expect_refused(&m, "section '.data' at 0x000400e3 overlaps section "
                       "'.text', which ends at 0x000400e4");
}

Test(segments, what_lies_before_the_flash_start_is_cut_off)
{
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0x40081);

    maker_load(&m, ".early", MAKER_A, MAKER_R, 0x40060, 0x40060, 0x20);
    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x40080, 0x40080, 100);
    maker_symbol(&m, "_flash_origin", 0x40090);
    struct found f = find(&m);

    cr_assert(zero(int, f.result), "%s", f.e.text);
    cr_assert(eq(sz, f.binary.count, 1));
    cr_expect(eq(u32, f.binary.parts[0].segment.paddr, 0x40090));
    cr_expect(eq(u32, f.binary.parts[0].segment.file_size, 84));
    cr_assert(eq(sz, f.notes.count, 1));
    cr_expect(eq(str, f.notes.lines[0],
                 "section '.early' at 0x00040060 lies before the flash start "
                 "0x00040090 and is left out"));
    forget(&f);
}

Test(segments, nothing_to_load_is_refused)
{
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0);

    maker_nobits(&m, ".bss", MAKER_WA, 0x20000000, 64);
    maker_segment(&m, MAKER_RW, 0x20000000, 0x40080, 0, 64);
    expect_refused(&m, "nothing in the file would be loaded to flash");

    m = with_text();
    maker_symbol(&m, "_flash_origin", 0x50000);
    expect_refused(&m, "nothing in the file would be loaded to flash at or "
                       "behind 0x00050000");
}

Test(segments, ram_is_data_and_bss_without_the_stack)
{
    struct elf_maker m = with_text();

    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0x20000400, 0x400e4, 8);
    m.segments--; /* .data with .bss behind it */
    maker_segment(&m, MAKER_RW, 0x20000400, 0x400e4, 8, 40);
    maker_nobits(&m, ".stack", MAKER_WA, 0x20000000, 0x400);
    maker_nobits(&m, ".noinit", MAKER_WA, 0x20000428, 16);
    maker_segment(&m, MAKER_RW, 0x20000000, 0x20000000, 0, 0x400);
    maker_segment(&m, MAKER_RW, 0x20000428, 0x20000428, 0, 16);
    maker_segment(&m, MAKER_R, 0x20000500, 0x20000500, 0, 16);
    struct found f = find(&m);

    cr_assert(zero(int, f.result), "%s", f.e.text);
    cr_expect(eq(u64, binary_ram_size(&f.program), 40 + 16));
    forget(&f);
}
