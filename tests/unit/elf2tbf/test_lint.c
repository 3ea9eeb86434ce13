/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "elf2tbf/convert.h"
#include "elf2tbf/lint.h"
#include "elf_maker.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

TestSuite(lint, .timeout = 10);

static const struct footers no_footers;

/* Expects exactly one remark with this text, or none if text is null. */
static void expect(struct elf_maker *m, const struct cmdline *c,
                   const char *text)
{
    struct product product;
    struct notes notes = {0};
    struct err e = {0};

    cr_assert(zero(int, convert_bytes(maker_finish(m), c, &no_footers, &product,
                                      &notes, &e)),
              "%s", e.text);
    cr_expect(eq(sz, notes.count, text != NULL), "%s", text);
    for (size_t i = 0; i < notes.count; i++)
        cr_expect(text != NULL && strstr(notes.lines[i], text) != NULL, "%s",
                  notes.lines[i]);
    product_free(&product);
    notes_free(&notes);
}

static struct elf_maker app(uint32_t flash)
{
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, flash + 5);

    maker_load(&m, ".text", MAKER_AX, MAKER_RX, flash, flash, 100);
    return m;
}

static struct cmdline good(void)
{
    return (struct cmdline){.kernel_major = {true, 2}};
}

Test(lint, an_ordinary_app_gives_no_remark)
{
    struct elf_maker m = app(0x80000000);
    struct cmdline c = good();

    expect(&m, &c, NULL);
    m = app(0x40080);
    expect(&m, &c, NULL);
}

Test(lint, a_missing_kernel_version)
{
    struct elf_maker m = app(0x40080);
    struct cmdline c = {0};

    expect(&m, &c, "without --kernel-major kernels will not run the app");
}

Test(lint, more_storage_ids_than_kernels_take)
{
    uint32_t ids[9] = {0};
    const char *words[9] = {0};
    struct cmdline c = good();
    struct elf_maker m = app(0x80000000);

    c.read_ids = ids;
    c.modify_ids = ids;
    c.read_words = (struct cli_list){words, 8};
    c.modify_words = (struct cli_list){words, 8};
    expect(&m, &c, NULL);
    c.read_words.count = 9;
    m = app(0x80000000);
    expect(&m, &c, "at most 8 read ids and 8 access ids");
    c.read_words.count = 0;
    c.modify_words.count = 9;
    m = app(0x80000000);
    expect(&m, &c, "at most 8 read ids and 8 access ids");
}

Test(lint, credentials_over_regions_that_the_app_writes)
{
    struct elf_maker m = app(0x40080);
    struct cmdline c = good();

    maker_load(&m, ".wfr.log", MAKER_WA, MAKER_RW, 0x40100, 0x40100, 64);
    c.sha256 = true;
    expect(&m, &c, "credentials cover the writeable flash regions");

    m = app(0x40080);
    maker_load(&m, ".wfr.log", MAKER_WA, MAKER_RW, 0x40100, 0x40100, 64);
    c.sha256 = false;
    expect(&m, &c, NULL);

    m = app(0x40080);
    c.sha256 = true;
    expect(&m, &c, NULL);
}

Test(lint, a_header_beyond_the_conventional_room_of_fixed_apps)
{
    /* 16 + 16 + 24 + 12 + 8 and the name with its 4-byte head. */
    static const char name[] =
        "a name that is 48 bytes long, which is just room";
    struct cmdline c = good();
    struct elf_maker m = app(0x40080);

    c.name = name;
    expect(&m, &c, NULL);
    c.name = "a name of 49 bytes, which is one byte more than 48";
    m = app(0x40090);
    expect(&m, &c, "the header takes 132 bytes");
    m = app(0x80000000);
    expect(&m, &c, NULL);
}

Test(lint, an_object_that_the_mpu_cannot_protect)
{
    struct cmdline c = good();
    struct elf_maker m = app(0x40080);

    c.protected_size = (struct cli_u32){true, 256};
    expect(&m, &c, "the object starts at 0x0003ff80");

    m = app(0x80);
    expect(&m, &c, "would have to start before address 0");

    /* The MPU of ARMv8-M can, and so can the PMP. */
    m = app(0x40080);
    maker_section(&m, ".ARM.attributes", 0, 0,
                  "A\x12\0\0\0"
                  "aeabi\0\x01\x07\0\0\0\x06\x11",
                  19);
    expect(&m, &c, NULL);
    m = maker_begin(ELF_MACHINE_RISCV, 0x40080);
    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x40080, 0x40080, 100);
    expect(&m, &c, NULL);
}

Test(lint, contents_behind_the_data_where_relocations_belong)
{
    struct cmdline c = good();
    struct elf_maker m = app(0x80000000);

    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0, 0x80000064, 8);
    expect(&m, &c, NULL);

    m = app(0x80000000);
    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0, 0x80000064, 8);
    maker_load(&m, ".ARM.exidx", MAKER_A, MAKER_R, 0x8000006c, 0x8000006c, 8);
    expect(&m, &c, "section '.ARM.exidx' is loaded behind '.data'");

    /* Before the data is right, whatever the order of the file. */
    m = maker_begin(ELF_MACHINE_ARM, 0x80000005);
    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0, 0x8000006c, 8);
    maker_load(&m, ".ARM.exidx", MAKER_A, MAKER_R, 0x80000064, 0x80000064, 8);
    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x80000000, 0x80000000, 100);
    expect(&m, &c, NULL);
}

Test(lint, relocations_of_a_kind_that_is_not_carried)
{
    struct cmdline c = good();
    struct elf_maker m = app(0x80000000);

    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0, 0x80000064, 8);
    maker_section(&m, ".rela.text", 0, 0, NULL, 12);
    expect(&m, &c, NULL);

    m = app(0x80000000);
    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0, 0x80000064, 8);
    maker_section(&m, ".rela.data", 0, 0, NULL, 12);
    expect(&m, &c, "the relocations in '.rela.data' are not carried");

    /* An app for a fixed address needs none. */
    m = app(0x40080);
    maker_load(&m, ".data", MAKER_WA, MAKER_RW, 0x20000000, 0x400e4, 8);
    maker_section(&m, ".rela.data", 0, 0, NULL, 12);
    expect(&m, &c, NULL);
}

Test(lint, contents_that_no_segment_loads)
{
    struct cmdline c = good();
    struct elf_maker m = app(0x40080);

    maker_section(&m, ".lost", MAKER_A, 0x50000, NULL, 8);
    expect(&m, &c, "section '.lost' has contents for 0x00050000");
    m = app(0x40080);
    maker_section(&m, ".lost", MAKER_A, 0x50000, NULL, 0);
    maker_section(&m, ".comment", 0, 0, NULL, 8);
    maker_nobits(&m, ".noinit", MAKER_WA, 0x20000000, 8);
    expect(&m, &c, NULL);
}

Test(lint, an_entry_point_without_the_thumb_bit)
{
    struct cmdline c = good();
    struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0x40080);

    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x40080, 0x40080, 100);
    expect(&m, &c, "the entry point 0x00040080 is no Thumb code");
}

Test(lint, what_compatibility_costs)
{
    struct cmdline c = good();
    struct elf_maker m = app(0x40080);

    c.compat = true;
    expect(&m, &c, NULL);

    m = app(0x40080);
    maker_load(&m, ".wfr.a", MAKER_WA, MAKER_RW, 0x40100, 0x40100, 64);
    maker_load(&m, ".wfr.b", MAKER_WA, MAKER_RW, 0x40140, 0x40140, 64);
    expect(&m, &c, "only the last of the 2 writeable regions");

    m = app(0x40080);
    maker_nobits(&m, ".bss", MAKER_WA, 0x20000000, 64);
    maker_segment(&m, MAKER_RW, 0x20000000, 0x20000000, 0, 64);
    expect(&m, &c,
           "0 bytes of RAM are counted for the app's data, which has "
           "64");

    m = app(0x40080);
    c.minimum_ram = (struct cli_u32){true, 9000};
    expect(&m, &c, "--minimum-ram-size has no effect");
    c.minimum_ram.given = false;

    m = maker_begin(ELF_MACHINE_ARM, 0x40085);
    maker_load(&m, ".rodata", MAKER_A, MAKER_R, 0x400e4, 0x400e4, 8);
    maker_load(&m, ".text", MAKER_AX, MAKER_RX, 0x40080, 0x40080, 100);
    expect(&m, &c, "section '.text' comes behind '.rodata' in the file");
}

Test(lint, names_that_tell_no_architecture_or_a_wrong_one)
{
    struct elf_maker m = app(0x40080);
    struct elf_program p;
    struct notes notes = {0};
    struct err e;

    maker_section(&m, ".ARM.attributes", 0, 0,
                  "A\x12\0\0\0"
                  "aeabi\0\x01\x07\0\0\0\x06\x0d",
                  19);
    struct file_bytes file = maker_finish(&m);
    cr_assert(zero(int, elf_program_open(file.bytes, file.len, &p, &e)));
    lint_name(&p, "cortex-m7", &notes);
    lint_name(&p, "cortex-m4.blink", &notes);
    cr_expect(zero(sz, notes.count));
    lint_name(&p, "blink", &notes);
    cr_assert(eq(sz, notes.count, 1));
    cr_expect(strstr(notes.lines[0], "append ',cortex-m4'") != NULL);
    lint_name(&p, "cortex-m0", &notes);
    cr_assert(eq(sz, notes.count, 2));
    cr_expect(strstr(notes.lines[1], "built for cortex-m4") != NULL);
    notes_free(&notes);
    elf_program_free(&p);
    file_free(&file);
}
