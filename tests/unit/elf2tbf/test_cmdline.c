/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "elf2tbf/cmdline.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

TestSuite(cmdline, .timeout = 10);

/* Parses line, whose words are separated by single spaces. */
static int parse(const char *line, struct cmdline *out, struct err *e)
{
    static char text[512];
    char *argv[32] = {"elf2tbf"};
    int argc = 1;
    char *rest = text;

    memset(e, 0, sizeof *e);
    strcpy(text, line);
    while (rest != NULL && line[0] != '\0')
        argv[argc++] = strsep(&rest, " ");
    return cmdline_parse(argc, argv, out, e);
}

Test(cmdline, the_name_comes_from_the_file_or_behind_the_comma)
{
    static const struct {
        const char *word, *path, *name, *tbf;
    } rows[] = {
        {"cortex-m4.elf", "cortex-m4.elf", "cortex-m4", "cortex-m4.tbf"},
        {"d.x/rv32.a.elf", "d.x/rv32.a.elf", "rv32.a", "d.x/rv32.a.tbf"},
        {"d.x/app", "d.x/app", "app", "d.x/app.tbf"},
        {"a.elf,cortex-m0", "a.elf", "cortex-m0", "a.tbf"},
        {"a,b.elf,c", "a,b.elf", "c", "a,b.tbf"},
        {"a.elf,rv32imac.0x1.0x2", "a.elf", "rv32imac.0x1.0x2", "a.tbf"},
    };
    struct cmdline c;
    struct err e;

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        cr_assert(zero(int, parse(rows[i].word, &c, &e)), "%s", e.text);
        cr_assert(eq(sz, c.input_count, 1));
        cr_expect(eq(str, c.inputs[0].path, rows[i].path));
        cr_expect(eq(str, c.inputs[0].name, rows[i].name));
        cr_expect(eq(str, c.inputs[0].tbf_path, rows[i].tbf));
        cr_expect(eq(str, c.output, "TockApp.tab"));
        cmdline_free(&c);
    }
}

Test(cmdline, files_of_one_name_or_named_auto_are_named_by_what_is_in_them)
{
    struct cmdline c;
    struct err e;

    cr_assert(zero(int, parse("a/app.elf x.elf b/app.elf y.elf,auto z.elf,m4",
                              &c, &e)),
              "%s", e.text);
    cr_expect(c.inputs[0].asks_elf);
    cr_expect(not(c.inputs[1].asks_elf));
    cr_expect(c.inputs[2].asks_elf);
    cr_expect(c.inputs[3].asks_elf);
    cr_expect(not(c.inputs[4].asks_elf));
    cmdline_free(&c);
}

Test(cmdline, permissions_become_records_in_order_of_first_mention)
{
    struct cmdline c;
    struct err e;

    cr_assert(zero(int, parse("a.elf --permissions 1,0 1,1 7,2 1,64 "
                              "--permissions 7,127 1,63",
                              &c, &e)));
    cr_assert(eq(u32, c.permission_count, 4));
    cr_expect(eq(u32, c.permissions[0].driver, 1));
    cr_expect(eq(u64, c.permissions[0].mask, 0x8000000000000003));
    cr_expect(eq(u32, c.permissions[1].driver, 7));
    cr_expect(eq(u64, c.permissions[1].mask, 4));
    cr_expect(eq(u32, c.permissions[2].offset, 1));
    cr_expect(eq(u64, c.permissions[2].mask, 1));
    cr_expect(eq(u64, c.permissions[3].mask, 0x8000000000000000));
    cmdline_free(&c);
}

Test(cmdline, ids_may_be_hex)
{
    struct cmdline c;
    struct err e;

    cr_assert(zero(int, parse("a.elf --read_ids 1 0x10 --access_ids 0XfF "
                              "--write_id 0x7",
                              &c, &e)));
    cr_expect(eq(u32, c.read_ids[1], 16));
    cr_expect(eq(u32, c.modify_ids[0], 255));
    cr_expect(eq(u32, c.write_id.value, 7));
    cmdline_free(&c);
}

Test(cmdline, an_empty_name_is_none)
{
    struct cmdline c;
    struct err e;

    cr_assert(zero(int, parse("a.elf --package-name=", &c, &e)));
    cr_expect(zero(ptr, c.name));
    cmdline_free(&c);
}

Test(cmdline, help_and_version_need_nothing_else)
{
    struct cmdline c;
    struct err e;

    cr_assert(zero(int, parse("--help", &c, &e)));
    cr_expect(c.help);
    cmdline_free(&c);
    cr_assert(zero(int, parse("-V --stack x", &c, &e)));
    cr_expect(c.version);
    cmdline_free(&c);
}

Test(cmdline, mistakes_are_told)
{
    static const struct {
        const char *line, *text;
    } rows[] = {
        {"", "no ELF file given"},
        {"a.elf --kernel-minor 1", "'--kernel-minor' needs '--kernel-major'"},
        {"a.elf --minimum-ram-size 1 --stack 1",
         "'--minimum-ram-size' cannot be used with '--stack'"},
        {"a.elf --minimum-ram-size 1 --app-heap 1",
         "'--minimum-ram-size' cannot be used with '--app-heap'"},
        {"a.elf --minimum-ram-size 1 --kernel-heap 1",
         "'--minimum-ram-size' cannot be used with '--kernel-heap'"},
        {"a.elf,", "'a.elf,' is not of the form PATH or PATH,ARCHITECTURE"},
        {",m4", "',m4' is not of the form PATH or PATH,ARCHITECTURE"},
        {"d/", "'d/' is not of the form PATH or PATH,ARCHITECTURE"},
        {"a.elf,x/y", "architecture 'x/y' may not contain a '/'"},
        {"a/m4.elf b/x.elf,m4", "two inputs have the architecture 'm4': "
                                "'a/m4.elf' and 'b/x.elf'"},
        {"a.elf,m4 m4.elf", "two inputs have the architecture 'm4': "
                            "'a.elf' and 'm4.elf'"},
        {"a.elf --permissions 1", "'1' is no value for '--permissions': "
                                  "expected DRIVER,COMMAND in decimal"},
        {"a.elf --read_ids x", "'x' is no value for '--read_ids': expected a "
                               "number (decimal or 0x hex)"},
        {"a.elf -n \xff", "the package name is not UTF-8"},
        {"a.elf --supported-boards \xff", "the list of boards is not UTF-8"},
        {"a.elf --sign-cmd x", "'--sign-cmd' needs '--public-key'"},
        {"a.elf --public-key k", "'--public-key' needs '--sign-cmd'"},
    };
    struct cmdline c;
    struct err e;

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        cr_expect(eq(int, parse(rows[i].line, &c, &e), -1), "%s", rows[i].line);
        cr_expect(eq(int, e.kind, ERR_USAGE));
        cr_expect(eq(str, e.text, rows[i].text));
        cmdline_free(&c);
    }
}
