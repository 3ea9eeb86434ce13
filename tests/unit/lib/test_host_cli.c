/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/cli.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

TestSuite(cli, .timeout = 10);

struct wishes {
    bool quiet;
    bool help;
    unsigned verbose;
    const char *out;
    struct cli_u32 size;
    struct cli_u32 id;
    struct cli_list words;
};

#define AT(f) offsetof(struct wishes, f)
static const struct cli_option options[] = {
    {"quiet", 'q', CLI_FLAG, AT(quiet), NULL, "say less", 0},
    {"help", 'h', CLI_STOP, AT(help), NULL, "this", 0},
    {NULL, 'v', CLI_COUNT, AT(verbose), NULL, "say more", 0},
    {"output", 'o', CLI_STRING, AT(out), "FILE", "where to", 0},
    {"size", 0, CLI_DECIMAL, AT(size), "N", NULL, 100},
    {"id", 0, CLI_NUMBER, AT(id), "ID", "numbers", 0},
    {"words", 'w', CLI_LIST, AT(words), "WORD", "words", 0},
    {"a-name-that-is-longer-than-the-column", 0, CLI_FLAG, AT(quiet), NULL,
     "behind it", 0},
    {"a-name-that-is-longer-than-the-column-and-leaves", 0, CLI_FLAG, AT(quiet),
     NULL, "no room behind it for this text", 0},
    {"secret", 0, CLI_FLAG, AT(quiet), NULL, "", 0},
};

enum { MAX_WORDS = 16 };

/* Parses the words of line; spaces separate. operands may be null. */
static int parse(const char *line, struct wishes *out,
                 struct cli_list *operands, struct err *e)
{
    static char text[256];
    char *words[MAX_WORDS];
    size_t count = 0;
    struct cli_table table = {options, ARRAY_COUNT(options), out};
    struct cli cli = {"prog", &table, 1};
    struct cli_list ignored = {0};

    memset(out, 0, sizeof *out);
    memset(e, 0, sizeof *e);
    strcpy(text, line);
    for (char *w = strtok(text, " "); w != NULL; w = strtok(NULL, " "))
        words[count++] = w;
    int result = cli_parse(&cli, words, count,
                           operands != NULL ? operands : &ignored, e);
    cli_list_free(&ignored);
    return result;
}

Test(cli, options_and_operands_come_in_any_order)
{
    struct wishes w;
    struct cli_list operands = {0};
    struct err e;

    cr_assert(
        zero(int, parse("a --output f -q b --size 7", &w, &operands, &e)));
    cr_expect(eq(sz, operands.count, 2));
    cr_expect(eq(str, operands.words[0], "a"));
    cr_expect(eq(str, operands.words[1], "b"));
    cr_expect(eq(str, w.out, "f"));
    cr_expect(w.quiet);
    cr_expect(w.size.given);
    cr_expect(eq(u32, w.size.value, 7));
    cr_expect(not(w.id.given));
    cli_list_free(&operands);
}

Test(cli, a_value_may_be_attached)
{
    static const char *const lines[] = {"--output=x=y", "-ox=y", "-o=x=y",
                                        "-o x=y", "-qox=y"};
    struct wishes w;
    struct err e;

    for (size_t i = 0; i < ARRAY_COUNT(lines); i++) {
        cr_assert(zero(int, parse(lines[i], &w, NULL, &e)), "%s", lines[i]);
        cr_expect(eq(str, w.out, "x=y"), "%s", lines[i]);
    }
}

Test(cli, two_dashes_end_the_options)
{
    struct wishes w;
    struct cli_list operands = {0};
    struct err e;

    cr_assert(zero(int, parse("-q -- -q --size", &w, &operands, &e)));
    cr_expect(eq(sz, operands.count, 2));
    cr_expect(eq(str, operands.words[1], "--size"));
    cli_list_free(&operands);
}

Test(cli, a_list_takes_all_words_up_to_the_next_option)
{
    struct wishes w;
    struct cli_list operands = {0};
    struct err e;

    cr_assert(zero(int, parse("x -w a b - -q c --words d --words=e f", &w,
                              &operands, &e)));
    cr_expect(eq(sz, w.words.count, 5));
    cr_expect(eq(str, w.words.words[2], "-"));
    cr_expect(eq(str, w.words.words[4], "e"));
    cr_expect(eq(sz, operands.count, 3)); /* x c f */
    cli_list_free(&w.words);
    cli_list_free(&operands);
}

Test(cli, a_counted_flag_may_be_joined_and_repeated)
{
    struct wishes w;
    struct err e;

    cr_assert(zero(int, parse("-vvq -v", &w, NULL, &e)));
    cr_expect(eq(uint, w.verbose, 3));
    cr_expect(w.quiet);
}

Test(cli, help_stops_before_later_mistakes)
{
    struct wishes w;
    struct err e;

    cr_assert(zero(int, parse("-h --nonsense", &w, NULL, &e)));
    cr_expect(w.help);
    cr_assert(zero(int, parse("-hX", &w, NULL, &e)));
    cr_assert(ne(int, parse("--nonsense -h", &w, NULL, &e), 0));
}

Test(cli, mistakes_are_usage_errors)
{
    static const struct {
        const char *line;
        const char *text;
    } rows[] = {
        {"--outptu f", "unknown option '--outptu'"},
        {"-x", "unknown option '-x'"},
        {"-q -q", "option '--quiet' is given twice"},
        {"-o a -o b", "option '--output' is given twice"},
        {"--size 1 --size 1", "option '--size' is given twice"},
        {"--output", "option '--output' needs a value"},
        {"--output -q", "option '--output' needs a value"},
        {"-w", "option '--words' needs a value"},
        {"--quiet=1", "option '--quiet' takes no value"},
        {"--qui", "unknown option '--qui'"},
        {"--size 101", "'101' is no value for '--size': expected a decimal "
                       "number from 0 to 100"},
        {"--size 0x10", "'0x10' is no value for '--size': expected a decimal "
                        "number from 0 to 100"},
        {"--size=-1", "'-1' is no value for '--size': expected a decimal "
                      "number from 0 to 100"},
    };
    struct wishes w;
    struct err e;

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        cr_assert(eq(int, parse(rows[i].line, &w, NULL, &e), -1), "%s",
                  rows[i].line);
        cr_expect(eq(int, e.kind, ERR_USAGE), "%s", rows[i].line);
        cr_expect(eq(str, e.text, rows[i].text));
    }
}

Test(cli, the_nearest_name_is_the_hint)
{
    struct wishes w;
    struct err e;

    cr_assert(ne(int, parse("--outptu f", &w, NULL, &e), 0));
    cr_expect(eq(str, e.hint, "did you mean '--output'?"));
    cr_assert(ne(int, parse("--zzzzzz", &w, NULL, &e), 0));
    cr_expect(eq(str, e.hint, "`prog --help` lists the options"));
    cr_assert(ne(int, parse("--size -1", &w, NULL, &e), 0));
    cr_expect(eq(str, e.hint, "write --size=-1 if that is meant"));
}

Test(cli, several_tables_fill_several_structs)
{
    struct common {
        bool dry;
    } common = {0};
    struct wishes w = {0};
    static const struct cli_option shared[] = {
        {"dry-run", 'n', CLI_FLAG, offsetof(struct common, dry), NULL, "", 0}};
    struct cli_table tables[] = {{options, ARRAY_COUNT(options), &w},
                                 {shared, 1, &common}};
    struct cli cli = {"prog", tables, 2};
    char *words[] = {"-nq"};
    struct cli_list operands = {0};
    struct err e = {0};

    cr_assert(zero(int, cli_parse(&cli, words, 1, &operands, &e)));
    cr_expect(common.dry);
    cr_expect(w.quiet);
}

Test(cli, numbers_are_whole_and_fit_32_bits)
{
    uint32_t n = 0;

    cr_expect(cli_number("4294967295", false, &n));
    cr_expect(eq(u32, n, UINT32_MAX));
    cr_expect(cli_number("0Xff", true, &n));
    cr_expect(eq(u32, n, 255));
    cr_expect(cli_number("010", true, &n));
    cr_expect(eq(u32, n, 10));
    cr_expect(not(cli_number("4294967296", false, &n)));
    cr_expect(not(cli_number("99999999999999999999999", false, &n)));
    cr_expect(not(cli_number("0x100000000", true, &n)));
    cr_expect(not(cli_number("0x", true, &n)));
    cr_expect(not(cli_number("", true, &n)));
    cr_expect(not(cli_number(" 1", true, &n)));
    cr_expect(not(cli_number("+1", true, &n)));
    cr_expect(not(cli_number("1a", false, &n)));
    cr_expect(not(cli_number("0x1g", true, &n)));
}

Test(cli, nearest_is_null_when_nothing_is_near)
{
    static const char *const names[] = {"install", "uninstall", "list", NULL};

    cr_expect(eq(str, cli_nearest("instal", names), "install"));
    cr_expect(eq(str, cli_nearest("lsit", names), "list"));
    cr_expect(zero(ptr, (void *)cli_nearest("flash", names)));
    cr_expect(zero(ptr, (void *)cli_nearest("", names)));
}

Test(cli, help_shows_each_option_once)
{
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);

    cli_print_options(options, ARRAY_COUNT(options), to);
    fclose(to);
    cr_expect(eq(str, text,
                 "  -q, --quiet                   say less\n"
                 "  -h, --help                    this\n"
                 "  -v                            say more\n"
                 "  -o, --output FILE             where to\n"
                 "  --size N, --id ID             numbers\n"
                 "  -w, --words WORD...           words\n"
                 "  --a-name-that-is-longer-than-the-column  behind it\n"
                 "  --a-name-that-is-longer-than-the-column-and-leaves\n"
                 "                                no room behind it for this "
                 "text\n"));
    free(text);
}

struct kinds {
    struct cli_list each;
    struct cli_some some;
    bool quiet;
};

static const struct cli_option kinds[] = {
    {"each", 'e', CLI_EACH, offsetof(struct kinds, each), "KEY", "one", 0},
    {"some", 's', CLI_SOME, offsetof(struct kinds, some), "KEY", "any", 0},
    {"quiet", 'q', CLI_FLAG, offsetof(struct kinds, quiet), NULL, "say less",
     0},
};

static int parse_kinds(char *const *words, size_t count, struct kinds *out,
                       struct cli_list *operands)
{
    struct cli_table table = {kinds, ARRAY_COUNT(kinds), out};
    struct cli cli = {"prog", &table, 1};
    struct err e = {0};

    *out = (struct kinds){0};
    return cli_parse(&cli, words, count, operands, &e);
}

Test(cli, an_option_of_one_word_each_leaves_the_next_word_alone)
{
    char *words[] = {"--each", "a", "file", "-e", "b", "--each=c"};
    struct kinds k;
    struct cli_list operands = {0};

    cr_assert(zero(int, parse_kinds(words, 6, &k, &operands)));
    cr_expect(eq(sz, k.each.count, 3));
    cr_expect(eq(str, (char *)k.each.words[2], "c"));
    cr_assert(eq(sz, operands.count, 1));
    cr_expect(eq(str, (char *)operands.words[0], "file"));
    cli_list_free(&k.each);
    cli_list_free(&operands);
    cr_expect(eq(int, parse_kinds(words, 1, &k, &operands), -1));
}

Test(cli, an_option_of_some_words_may_have_none)
{
    char *alone[] = {"a", "--some"};
    char *before[] = {"--some", "-q"};
    char *two[] = {"-s", "a", "b", "-q"};
    struct kinds k;
    struct cli_list operands = {0};

    cr_assert(zero(int, parse_kinds(alone, 2, &k, &operands)));
    cr_expect(all(k.some.given, zero(sz, k.some.list.count)));
    cr_expect(eq(sz, operands.count, 1));
    cr_assert(zero(int, parse_kinds(before, 2, &k, &operands)));
    cr_expect(all(k.some.given, zero(sz, k.some.list.count), k.quiet));
    cr_assert(zero(int, parse_kinds(two, 4, &k, &operands)));
    cr_expect(all(eq(sz, k.some.list.count, 2), k.quiet));
    cli_list_free(&k.some.list);
    cr_assert(zero(int, parse_kinds(before + 1, 1, &k, &operands)));
    cr_expect(not(k.some.given));
    cli_list_free(&operands);
}
