/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "elf2tbf/convert.h"
#include "elf_maker.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

TestSuite(convert, .timeout = 60);

/* One conversion, and its object read back. */
struct made {
    struct product product;
    struct notes notes;
    struct err e;
    int result;
    struct tbf_header header;
};

static const struct footers no_footers;

static struct made make(struct elf_maker *m, const struct cmdline *c)
{
    struct made made = {0};

    made.result = convert_bytes(maker_finish(m), c, &no_footers, &made.product,
                                &made.notes, &made.e);
    if (made.result == 0)
        cr_assert(
            eq(int,
               tbf_parse(made.product.object,
                         made.product.layout.spec.total_size, &made.header),
               TBF_OK));
    return made;
}

static struct made make_good(struct elf_maker *m, const struct cmdline *c)
{
    struct made made = make(m, c);

    cr_assert(zero(int, made.result), "%s", made.e.text);
    return made;
}

static void forget(struct made *made)
{
    product_free(&made->product);
    notes_free(&made->notes);
}

static void expect_refused(struct elf_maker *m, const struct cmdline *c,
                           enum err_kind kind, const char *text)
{
    struct made made = make(m, c);

    cr_expect(eq(int, made.result, -1), "%s", text);
    cr_expect(eq(int, made.e.kind, kind));
    cr_expect(eq(str, made.e.text, text));
    forget(&made);
}

static struct elf_maker app(uint16_t machine, uint32_t flash, uint32_t size)
{
    struct elf_maker m = maker_begin(machine, flash + 5);

    maker_load(&m, ".text", MAKER_AX, MAKER_RX, flash, flash, size);
    return m;
}

static struct cli_u32 given(uint32_t value)
{
    return (struct cli_u32){true, value};
}

/* Footers of an object: their number, and that they end where it ends. */
static unsigned count_footers(const struct made *made)
{
    struct tbf_footers walk =
        tbf_footers_start(&made->header, made->product.object);
    struct tbf_footer footer;
    unsigned count = 0;
    uint32_t end = made->header.binary_end;

    while (tbf_footers_next(&walk, &footer)) {
        cr_expect(eq(u32, footer.format, TBF_CREDENTIAL_RESERVED));
        end = footer.offset + tbf_footer_size(footer.len);
        count++;
    }
    cr_expect(eq(u32, end, made->header.total_size));
    return count;
}

Test(convert, places_header_binary_and_relocation_word)
{
    struct elf_maker m = app(ELF_MACHINE_RISCV, 0x20040080, 100);
    struct cmdline c = {.name = "app", .kernel_major = given(2)};
    struct made made = make_good(&m, &c);
    const struct tbf_header *h = &made.header;

    cr_expect(eq(u32, h->flags, TBF_FLAG_ENABLED));
    cr_expect(eq(u16, h->header_size, 16 + 16 + 24 + 8 + 12 + 8));
    cr_expect(eq(u32, h->protected_size, 0x80));
    cr_expect(eq(u32, h->init_offset, 0x85));
    cr_expect(eq(u32, h->binary_end, 0x80 + 100 + 4));
    cr_expect(eq(u32, h->total_size, 0x80 + 100 + 4));
    cr_expect(eq(u32, h->fixed_flash, 0x20040080));
    cr_expect(eq(u32, h->fixed_ram, TBF_NOT_FIXED));
    cr_expect(eq(u16, h->kernel_major, 2));
    cr_expect(eq(u32, h->minimum_ram, 2048 + 1024 + 1024));
    cr_expect(eq(u8, made.product.object[0x80], 0xa5));
    cr_expect(eq(u8, made.product.object[0x80 + 99], 0xa5));
    cr_expect(zero(u32, le32_load(made.product.object + 0x80 + 100)));
    cr_expect(zero(sz, made.notes.count));
    forget(&made);
}

Test(convert, relocations_of_writeable_sections_follow_the_binary)
{
    struct elf_maker m = app(ELF_MACHINE_ARM, 0x80000000, 8);
    struct cmdline c = {.kernel_major = given(2)};

    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0, 0x80000008, 8);
    maker_section(&m, ".rel.text", 0, 0, "not these", 8);
    maker_section(&m, ".rel.data", 0, 0, "12345678abcdefgh", 16);
    struct made made = make_good(&m, &c);
    const uint8_t *object = made.product.object;
    uint32_t at = made.header.protected_size + 16;

    cr_expect(eq(u32, made.header.fixed_flash, TBF_NOT_FIXED));
    cr_expect(eq(u32, le32_load(object + at), 16));
    cr_expect(zero(int, memcmp(object + at + 4, "12345678abcdefgh", 16)));
    cr_expect(eq(u32, made.header.binary_end, at + 20));
    forget(&made);
}

Test(convert, relocations_that_are_not_in_the_file_are_refused)
{
    struct elf_maker m = app(ELF_MACHINE_ARM, 0x80000000, 8);
    struct cmdline c = {.kernel_major = given(2)};

    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0, 0x80000008, 8);
    uint8_t *h = maker_section(&m, ".rel.data", 0, 0, NULL, 8);
    le32_store(h + 20, 0x7fffffff);
    expect_refused(&m, &c, ERR_INPUT,
                   "the contents of section '.rel.data' lie beyond the end of "
                   "the file or over its header");
}

Test(convert, misaligned_relocations_are_warned_about)
{
    struct elf_maker m = app(ELF_MACHINE_ARM, 0x80000000, 8);
    struct cmdline c = {.kernel_major = given(2)};

    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0, 0x80000008, 7);
    maker_section(&m, ".rel.data", 0, 0, NULL, 8);
    struct made made = make_good(&m, &c);

    cr_expect(eq(sz, made.notes.count, 1));
    forget(&made);
}

Test(convert, sizes_are_padded_as_the_processor_asks)
{
    static const struct {
        uint16_t machine;
        uint32_t size, padded;
    } rows[] = {
        {ELF_MACHINE_ARM, 100, 512},
        {ELF_MACHINE_ARM, 128, 128},
        {ELF_MACHINE_ARM, 256, 256},
        {ELF_MACHINE_ARM, 511, 512},
        {ELF_MACHINE_ARM, 513, 1024},
        {ELF_MACHINE_ARM, 4096, 4096},
        {ELF_MACHINE_RISCV, 513, 516},
        {ELF_MACHINE_RISCV, 516, 516},
        {ELF_MACHINE_I386, 513, 4096},
        {ELF_MACHINE_I386, 4097, 8192},
        {183, 1021, 1024},
    };

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        cr_expect(eq(u64, layout_padded(rows[i].machine, rows[i].size),
                     rows[i].padded),
                  "row %zu", i);
    cr_expect(eq(u64, layout_padded(ELF_MACHINE_ARM, 0x80000001), 1ull << 32));
}

Test(convert, footer_room_is_reserved_and_rounded)
{
    static const struct {
        uint32_t wish, room;
        unsigned footers;
    } rows[] = {{0, 0, 0},         {1, 8, 1},          {8, 8, 1},
                {9, 12, 1},        {3000, 3000, 1},    {65539, 65540, 2},
                {70000, 70000, 2}, {200000, 200000, 4}};

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct elf_maker m = app(ELF_MACHINE_RISCV, 0x20040080, 100);
        struct cmdline c = {.footer_size = given(rows[i].wish)};
        struct made made = make_good(&m, &c);

        cr_expect(eq(u32, made.header.total_size,
                     made.header.binary_end + rows[i].room),
                  "row %zu", i);
        cr_expect(eq(uint, count_footers(&made), rows[i].footers), "row %zu",
                  i);
        forget(&made);
    }
}

Test(convert, more_than_64_kib_of_padding_takes_several_footers)
{
    struct elf_maker m = app(ELF_MACHINE_ARM, 0x80000000, 140000);
    struct cmdline c = {0};
    struct made made = make_good(&m, &c);

    cr_expect(eq(u32, made.header.total_size, 262144));
    cr_expect(eq(uint, count_footers(&made), 2));
    forget(&made);
}

Test(convert, one_entry_holds_all_writeable_regions)
{
    struct elf_maker m = app(ELF_MACHINE_ARM, 0x40080, 100);
    struct cmdline c = {0};
    uint32_t offset, size;

    maker_load(&m, ".wfr.a", MAKER_WA, MAKER_RW, 0x40100, 0x40100, 64);
    maker_load(&m, "x.wfr", MAKER_WA, MAKER_RW, 0x40140, 0x40140, 32);
    struct made made = make_good(&m, &c);

    cr_assert(eq(u32, tbf_region_count(&made.header), 2));
    cr_expect(tbf_region(&made.header, 0, &offset, &size));
    cr_expect(eq(u32, offset, 0x100));
    cr_expect(eq(u32, size, 64));
    cr_expect(tbf_region(&made.header, 1, &offset, &size));
    cr_expect(eq(u32, offset, 0x140));
    cr_expect(eq(u32, size, 32));
    forget(&made);
}

Test(convert, the_protected_size_has_four_sources)
{
    struct elf_maker m = app(ELF_MACHINE_ARM, 0x80000000, 8);
    struct cmdline none = {0};
    struct cmdline wish = {.protected_size = given(256)};

    struct made made = make_good(&m, &none);
    cr_expect(eq(u32, made.header.protected_size, made.header.header_size));
    forget(&made);

    m = app(ELF_MACHINE_ARM, 0x40060, 8);
    made = make_good(&m, &none);
    cr_expect(eq(u32, made.header.protected_size, 0x60));
    forget(&made);

    m = app(ELF_MACHINE_ARM, 0x40060, 8);
    made = make_good(&m, &wish);
    cr_expect(eq(u32, made.header.protected_size, 256));
    forget(&made);

    m = app(ELF_MACHINE_ARM, 0x40060, 8);
    maker_symbol(&m, "tbf_protected_region_size", 512);
    made = make_good(&m, &wish);
    cr_expect(eq(u32, made.header.protected_size, 512));
    /* Who wins, no kernel version, an object that no MPU can protect. */
    cr_expect(eq(sz, made.notes.count, 3));
    forget(&made);
}

Test(convert, a_header_without_room_is_refused)
{
    struct elf_maker m = app(ELF_MACHINE_ARM, 0x40020, 8);
    struct cmdline c = {0};
    struct cmdline wish = {.protected_size = given(40)};

    expect_refused(&m, &c, ERR_INPUT,
                   "the header takes 68 bytes, but only 32 stand before the "
                   "app binary (flash address modulo 256)");
    m = app(ELF_MACHINE_ARM, 0x80000000, 8);
    expect_refused(&m, &wish, ERR_INPUT,
                   "the header takes 56 bytes, but only 40 stand before the "
                   "app binary (--protected-region-size)");
}

Test(convert, ram_is_the_rounded_sum)
{
    struct elf_maker m = app(ELF_MACHINE_ARM, 0x40080, 8);
    struct cmdline c = {
        .stack = given(1001), .app_heap = given(1), .kernel_heap = given(3)};
    struct cmdline none = {0};

    maker_nobits(&m, ".bss", MAKER_WA, 0x20000000, 30);
    maker_segment(&m, MAKER_RW, 0x20000000, 0x20000000, 0, 30);
    struct made made = make_good(&m, &c);
    cr_expect(eq(u32, made.header.minimum_ram, 30 + 1008 + 4 + 4));
    forget(&made);

    m = app(ELF_MACHINE_ARM, 0x40080, 8);
    maker_nobits(&m, ".stack", MAKER_WA, 0x20000000, 1500);
    made = make_good(&m, &none);
    cr_expect(eq(u32, made.header.minimum_ram, 1504 + 2048));
    forget(&made);
}

Test(convert, a_minimum_ram_size_is_taken_or_refused)
{
    struct cmdline c = {.minimum_ram = given(64)};
    struct elf_maker m = app(ELF_MACHINE_ARM, 0x40080, 8);

    maker_nobits(&m, ".bss", MAKER_WA, 0x20000000, 64);
    maker_segment(&m, MAKER_RW, 0x20000000, 0x20000000, 0, 64);
    struct made made = make_good(&m, &c);
    cr_expect(eq(u32, made.header.minimum_ram, 64));
    forget(&made);

    c.minimum_ram = given(63);
    m = app(ELF_MACHINE_ARM, 0x40080, 8);
    maker_nobits(&m, ".bss", MAKER_WA, 0x20000000, 64);
    maker_segment(&m, MAKER_RW, 0x20000000, 0x20000000, 0, 64);
    expect_refused(&m, &c, ERR_USAGE,
                   "--minimum-ram-size 63 is less than the 64 bytes of the "
                   "app's data");
}

Test(convert, ram_beyond_4_gib_is_refused)
{
    static const char text[] = "the app would need more than 4 GiB of RAM";
    struct elf_maker m = app(ELF_MACHINE_ARM, 0x40080, 8);
    struct cmdline c = {.stack = given(UINT32_MAX)};
    struct cmdline none = {0};

    expect_refused(&m, &c, ERR_INPUT, text);
    m = app(ELF_MACHINE_ARM, 0x40080, 8);
    maker_segment(&m, MAKER_RW, 0x80000000, 0x80000000, 0, 0x80000000);
    maker_segment(&m, MAKER_RW, 0x80000000, 0x80000000, 0, 0x80000000);
    expect_refused(&m, &none, ERR_INPUT, text);
}

Test(convert, an_entry_point_outside_is_refused)
{
    struct cmdline c = {0};
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0x400e4);

    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x40080, 0x40080, 100);
    expect_refused(&m, &c, ERR_INPUT,
                   "the entry point 0x000400e4 lies in no loaded section");
}

Test(convert, a_section_in_two_segments_is_refused)
{
    struct cmdline c = {0};
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0x40081);

    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x1000, 0x40080, 64);
    maker_segment(&m, MAKER_RX, 0x1000, 0x40100, 64, 64);
    expect_refused(&m, &c, ERR_INPUT, "section '.text' is in 2 segments");
}

Test(convert, gaps_are_zeros)
{
    struct cmdline c = {0};
    struct elf_maker m = app(ELF_MACHINE_RISCV, 0x40080, 16);
    uint8_t zeros[32] = {0};

    maker_load(&m, ".rodata", MAKER_A, MAKER_R, 0x400b0, 0x400b0, 16);
    struct made made = make_good(&m, &c);
    const uint8_t *app_start = made.product.object + 0x80;

    cr_expect(zero(int, memcmp(app_start + 16, zeros, 32)));
    cr_expect(eq(u8, app_start[15], 0xa5));
    cr_expect(eq(u8, app_start[48], 0xa5));
    forget(&made);
}
