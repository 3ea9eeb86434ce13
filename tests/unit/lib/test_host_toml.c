/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/toml.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

TestSuite(toml, .timeout = 10);

/* The items of a text in one line of words, or the error's text. */
static void describe(const char *text, size_t len, char *out, size_t room)
{
    struct toml toml;
    struct toml_item item;
    struct err e = {0};
    int got;
    FILE *to = fmemopen(out, room, "w");

    toml_open(&toml, text, len, "t");
    while ((got = toml_next(&toml, &item, &e)) > 0) {
        fprintf(to, "%s/%s@%u ", item.table, item.key, item.line);
        if (item.kind == TOML_STRING)
            fprintf(to, "<%s>", item.string);
        if (item.kind == TOML_INTEGER)
            fprintf(to, "%lld", (long long)item.integer);
        if (item.kind == TOML_BOOLEAN)
            fprintf(to, "%s", item.boolean ? "yes" : "no");
        if (item.kind == TOML_DATE)
            fprintf(to, "d:%s", item.string);
        const char *s = item.string;
        for (size_t i = 0; i < item.count; i++, s += strlen(s) + 1)
            fprintf(to, "[%s]", s);
        fputs("; ", to);
    }
    if (got < 0)
        fprintf(to, "! %s", e.text);
    putc('\0', to);
    fclose(to);
    toml_close(&toml);
}

static void expect(const char *text, const char *wanted)
{
    char found[512];

    describe(text, strlen(text), found, sizeof found);
    cr_expect(eq(str, found, wanted));
}

Test(toml, reads_what_metadata_and_settings_need)
{
    expect("tab-version = 1\nname = \"a b\"\n"
           "build-date = 2026-08-12T12:34:56Z\n",
           "/tab-version@1 1; /name@2 <a b>; /build-date@3 "
           "d:2026-08-12T12:34:56Z; ");
    expect("# c\n\nboard = 'x\\n' # c\r\n[link] # c\nkind=\"auto\"\n"
           "clock_hz = 4000000\n[boards.mine]\napps_start = 0x40000\n"
           "on = true\noff=false\nneg = -12\nplus = +3\n",
           "/board@3 <x\\n>; link/kind@5 <auto>; link/clock_hz@6 4000000; "
           "boards.mine/apps_start@8 262144; boards.mine/on@9 yes; "
           "boards.mine/off@10 no; boards.mine/neg@11 -12; "
           "boards.mine/plus@12 3; ");
    expect("a = [ \"x\", 'y',\n # c\n \"\", ]\nb=[]\n\"q k\" = 1",
           "/a@1 [x][y][]; /b@4 ; /q k@5 1; ");
    expect("", "");
    expect(" \t\r\n# only a comment", "");
}

Test(toml, decodes_escapes)
{
    expect("a = \"\\t\\\"\\\\\\u00e9\\U0001f600\\n\"",
           "/a@1 <\t\"\\\u00e9\U0001f600\n>; ");
    expect("a = \"\\x\"", "! t, line 1: unknown escape in a string");
    expect("a = \"\\u12g4\"", "! t, line 1: expected a hex digit");
    expect("a = \"\\ud800\"", "! t, line 1: character number out of range");
    expect("a = \"\\u0000\"", "! t, line 1: character number out of range");
}

Test(toml, refuses_everything_else_with_its_line)
{
    static const char value[] =
        "expected a string, integer, boolean, date or array of strings";
    char wanted[128];

    snprintf(wanted, sizeof wanted, "/a@1 1; ! t, line 2: %s", value);
    expect("a=1\nb = 1.5", wanted);
    snprintf(wanted, sizeof wanted, "! t, line 1: %s", value);
    expect("a = 01", wanted);
    expect("a = 0x", wanted);
    expect("a = 0x-1", wanted);
    expect("a = 99999999999999999999", wanted);
    expect("a = 9223372036854775807", wanted);
    expect("a = yes", wanted);
    expect("a =", wanted);
    expect("a = {x = 1}", wanted);
    expect("a = 2026-8-12", wanted);
    expect("a\n", "! t, line 1: expected '=' after the key");
    expect("a.b = 1", "! t, line 1: expected '=' after the key");
    expect("= 1", "! t, line 1: expected a key or [name]");
    expect("[a\nb=1", "! t, line 1: expected [name]");
    expect("[[a]]", "! t, line 1: expected [name]");
    expect("[]", "! t, line 1: expected [name]");
    expect("a = \"x\" y", "! t, line 1: expected the end of the line");
    expect("a = \"x", "! t, line 1: a string does not end in its line");
    expect("a = \"x\ny\"", "! t, line 1: a string does not end in its line");
    expect("a = \"\"\"x\"\"\"", "! t, line 1: expected the end of the line");
    expect("a = [1]", "! t, line 1: expected a string or ']'");
    expect("a = [\"x\" \"y\"]", "! t, line 1: expected ',' or ']'");
    expect("a = [\"x\"", "! t, line 1: expected ',' or ']'");
    expect("a = \"\xff\"", "! t, line 1: the text is not UTF-8");
}

Test(toml, a_nul_is_never_part_of_a_string)
{
    char found[128];

    describe("a = \"x\0y\"", 9, found, sizeof found);
    cr_expect(eq(str, found, "! t, line 1: a string does not end in its line"));
    describe("a = 1\0", 6, found, sizeof found);
    cr_expect(eq(str, found, "! t, line 1: expected the end of the line"));
}

Test(toml, every_prefix_ends_in_items_or_an_error)
{
    static const char text[] = "a = \"x\\u00e9\"\n[t.u]\nb = [\"y\", 'z']\n"
                               "c = 0x1f\nd = 2026-01-02\n";
    char found[256];

    for (size_t len = 0; len < sizeof text; len++) {
        char *copy = malloc(len + 1);

        memcpy(copy, text, len);
        copy = realloc(copy, len > 0 ? len : 1);
        describe(copy, len, found, sizeof found);
        free(copy);
    }
}

Test(toml, written_strings_read_back)
{
    static const char *const strings[] = {
        "", "plain", "a\"b\\c", "tab\tnew\nline\x01\x7f", "h\u00e9llo"};

    for (size_t i = 0; i < ARRAY_COUNT(strings); i++) {
        char *text = NULL;
        size_t len;
        FILE *to = open_memstream(&text, &len);
        char wanted[64];

        fputs("k = ", to);
        toml_print_string(to, strings[i]);
        fclose(to);
        snprintf(wanted, sizeof wanted, "/k@1 <%s>; ", strings[i]);
        expect(text, wanted);
        free(text);
    }
}
