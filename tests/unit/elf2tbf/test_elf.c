/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "elf2tbf/elf_program.h"
#include "elf_maker.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

TestSuite(elf, .timeout = 60);

static struct file_bytes good(void)
{
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0x40081);

    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x40080, 0x40080, 100);
    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0x20000000, 0x400e4, 8);
    maker_nobits(&m, ".bss", MAKER_WA, 0x20000008, 24);
    maker_symbol(&m, "other", 1);
    maker_symbol(&m, "_sram_origin", 0x20000000);
    maker_symbol(&m, "_flash_origin", 0x40080);
    maker_symbol(&m, "_flash_origin", 0x50000);
    return maker_finish(&m);
}

/* Opens a copy of exactly len bytes. */
static int open_part(const struct file_bytes *file, size_t len,
                     struct elf_program *p, struct err *e)
{
    uint8_t *copy = malloc(len != 0 ? len : 1);

    memset(e, 0, sizeof *e);
    memcpy(copy, file->bytes, len);
    int result = elf_program_open(copy, len, p, e);
    if (result == 0)
        elf_program_free(p);
    free(copy);
    return result;
}

static void expect_refused(struct file_bytes file, const char *text)
{
    struct elf_program p;
    struct err e;

    cr_expect(eq(int, open_part(&file, file.len, &p, &e), -1), "%s", text);
    cr_expect(eq(int, e.kind, ERR_INPUT));
    cr_expect(eq(str, e.text, text));
    file_free(&file);
}

Test(elf, reads_segments_sections_and_symbols)
{
    struct file_bytes file = good();
    struct elf_program p;
    struct err e = {0};

    cr_assert(zero(int, elf_program_open(file.bytes, file.len, &p, &e)), "%s",
              e.text);
    cr_expect(eq(u16, p.machine, ELF_MACHINE_ARM));
    cr_expect(eq(u64, p.entry, 0x40081));
    cr_assert(eq(sz, p.segment_count, 2));
    cr_expect(eq(u32, p.segments[1].vaddr, 0x20000000));
    cr_expect(eq(u32, p.segments[1].paddr, 0x400e4));
    cr_expect(eq(u32, p.segments[1].file_size, 8));
    cr_expect(p.segments[1].is_writeable);
    cr_expect(not(p.segments[1].is_executable));
    cr_expect(p.segments[0].is_executable);

    const struct elf_section *bss = elf_section_find(&p, ".bss");
    cr_assert(ne(ptr, bss, NULL));
    cr_expect(bss->is_empty);
    cr_expect(bss->is_loaded);
    cr_expect(eq(u64, bss->size, 24));
    cr_expect(zero(ptr, elf_section_find(&p, ".none")));

    cr_expect(p.flash_origin.found); /* the first of the two */
    cr_expect(eq(u32, p.flash_origin.value, 0x40080));
    cr_expect(eq(u32, p.sram_origin.value, 0x20000000));
    cr_expect(not(p.protected_region_size.found));
    elf_program_free(&p);
    file_free(&file);
}

Test(elf, contents_come_only_from_inside_the_file)
{
    struct file_bytes file = good();
    struct elf_program p;
    struct err e = {0};
    const uint8_t *bytes;

    cr_assert(zero(int, elf_program_open(file.bytes, file.len, &p, &e)));
    struct elf_section s = *elf_section_find(&p, ".data");
    cr_assert(zero(int, elf_section_bytes(&p, &s, &bytes, &e)));
    cr_expect(eq(u8, bytes[7], 0xa5));
    s.size = file.len;
    cr_expect(eq(int, elf_section_bytes(&p, &s, &bytes, &e), -1));
    s.size = UINT64_MAX;
    cr_expect(eq(int, elf_section_bytes(&p, &s, &bytes, &e), -1));
    s = *elf_section_find(&p, ".bss");
    cr_expect(eq(int, elf_section_bytes(&p, &s, &bytes, &e), -1));
    elf_program_free(&p);
    file_free(&file);
}

Test(elf, every_truncation_is_refused)
{
    struct file_bytes file = good();
    struct elf_program p;
    struct err e;

    for (size_t len = 0; len < file.len; len++)
        cr_assert(eq(int, open_part(&file, len, &p, &e), -1), "%zu bytes", len);
    file_free(&file);
}

Test(elf, what_is_no_elf_program_is_refused)
{
    struct file_bytes file = good();
    file.bytes[1] = 'e';
    expect_refused(file, "not an ELF file");
    file = good();
    file.bytes[EI_CLASS] = 3;
    expect_refused(file, "neither a 32-bit nor a 64-bit ELF file");
    file = good();
    file.bytes[EI_DATA] = 0;
    expect_refused(file, "an ELF file of unknown byte order");
    file = good();
    file.bytes[EI_VERSION] = 2;
    expect_refused(file, "an ELF file of unknown version");
    file = good();
    le32_store(file.bytes + 28, 0);
    expect_refused(file, "no program headers: the file is no linked program");
    file = good();
    le16_store(file.bytes + 42, 31);
    expect_refused(file, "program headers of unexpected size");
    file = good();
    le16_store(file.bytes + 44, 0xfffe);
    expect_refused(file, "the program headers lie beyond the end of the file "
                         "or over its header");
    file = good();
    le32_store(file.bytes + 32, 0);
    expect_refused(file, "no section headers");
    file = good();
    le16_store(file.bytes + 46, 44);
    expect_refused(file, "section headers of unexpected size");
    file = good();
    le16_store(file.bytes + 50, 0xffee);
    expect_refused(file, "the table of section names is missing or damaged");
}

/* Sets 32 bits of the program header of .data. */
static struct file_bytes with_segment(uint32_t field, uint32_t value)
{
    struct file_bytes file = good();

    le32_store(file.bytes + 52 + 32 + field, value);
    return file;
}

Test(elf, segments_must_fit_file_and_addresses)
{
    static const char beyond[] = "the contents of the segment at 0x20000000 "
                                 "lie beyond the end of the file";

    expect_refused(with_segment(4, 0xfffffff0), beyond);
    struct file_bytes file = good();
    uint32_t len = (uint32_t)file.len;
    file_free(&file);
    expect_refused(with_segment(4, len - 7), beyond);
    expect_refused(with_segment(20, 7), "the segment at 0x20000000 has more "
                                        "contents than memory");
    expect_refused(with_segment(8, 0xfffffffc),
                   "the segment at 0xfffffffc does not lie in a 32-bit "
                   "address space");
    expect_refused(with_segment(12, 0xfffffffc),
                   "the segment at 0x20000000 does not lie in a 32-bit "
                   "address space");
}

Test(elf, names_must_lie_in_their_table)
{
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0);
    uint8_t *h = maker_section(&m, ".text", MAKER_AX, 0, NULL, 4);

    le32_store(h, 512); /* the table has 512 bytes */
    maker_segment(&m, MAKER_RX, 0, 0, 4, 4);
    expect_refused(maker_finish(&m), "section 1 or its name cannot be read");
}

Test(elf, a_section_belongs_to_a_segment_by_address_and_offset)
{
    const struct elf_segment s = {
        .vaddr = 0x1000, .offset = 0x100, .file_size = 16, .memory_size = 32};
    static const struct {
        uint64_t addr, offset, size;
        bool loaded, empty, has;
    } rows[] = {
        {0x1000, 0x100, 16, true, false, true},
        {0x1008, 0x108, 8, true, false, true},
        {0x1008, 0x108, 9, true, false, false},   /* too much contents  */
        {0x0fff, 0x0ff, 4, true, false, false},   /* before             */
        {0x1000, 0x0ff, 4, true, false, false},   /* other contents     */
        {0x1010, 0x110, 0, true, false, false},   /* at the end         */
        {0x1000, 0x100, 16, false, false, false}, /* not loaded        */
        {0x1010, 0x999, 16, true, true, true},    /* .bss               */
        {0x1010, 0x999, 17, true, true, false},   /* .bss, too large    */
        {0x1020, 0x999, 0, true, true, false},    /* empty, at the end  */
        {UINT64_MAX, 0x100, 16, true, false, false},
        {0x1000, 0x100, UINT64_MAX, true, false, false},
    };

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct elf_section section = {.name = "",
                                      .addr = rows[i].addr,
                                      .offset = rows[i].offset,
                                      .size = rows[i].size,
                                      .is_loaded = rows[i].loaded,
                                      .is_empty = rows[i].empty};

        cr_expect(eq(int, elf_segment_has(&s, &section), rows[i].has),
                  "row %zu", i);
    }
}
