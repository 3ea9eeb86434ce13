/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tab/tab.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

TestSuite(tab, .timeout = 60);

enum { BLOCK = 512 };

/* A tar archive under construction, by hand and after POSIX. */
struct tar {
    uint8_t bytes[64 * BLOCK];
    size_t len;
};

static void put_octal(uint8_t *at, size_t width, unsigned value)
{
    char text[16];

    snprintf(text, sizeof text, "%0*o", (int)width - 1, value);
    memcpy(at, text, width);
}

static void put_member(struct tar *t, const char *name, char type,
                       const void *data, size_t len)
{
    uint8_t *h = t->bytes + t->len;
    unsigned sum = 0;

    memset(h, 0, BLOCK);
    memcpy(h, name, strlen(name));
    put_octal(h + 100, 8, 0644);
    put_octal(h + 108, 8, 0);
    put_octal(h + 116, 8, 0);
    put_octal(h + 124, 12, (unsigned)len);
    put_octal(h + 136, 12, 0);
    memset(h + 148, ' ', 8);
    h[156] = (uint8_t)type;
    memcpy(h + 257, "ustar\00000", 8);
    for (int i = 0; i < BLOCK; i++)
        sum += h[i];
    put_octal(h + 148, 7, sum);
    t->len += BLOCK;
    memset(t->bytes + t->len, 0, (len + BLOCK - 1) / BLOCK * BLOCK);
    memcpy(t->bytes + t->len, data, len);
    t->len += (len + BLOCK - 1) / BLOCK * BLOCK;
}

static void put_text(struct tar *t, const char *name, const char *text)
{
    put_member(t, name, '0', text, strlen(text));
}

static void put_end(struct tar *t)
{
    memset(t->bytes + t->len, 0, 2 * BLOCK);
    t->len += 2 * BLOCK;
}

#define METADATA "tab-version = 1\nname = \"app\"\n"

/* Parses a copy of exactly that size, for the sanitizer. */
static int parse(const struct tar *t, size_t len, struct tab *out,
                 struct err *e)
{
    uint8_t *copy = malloc(len != 0 ? len : 1);

    memset(e, 0, sizeof *e);
    memcpy(copy, t->bytes, len);
    int result = tab_parse(copy, len, "x.tab", out, e);
    free(copy);
    return result;
}

static struct tar good(void)
{
    struct tar t = {.len = 0};

    put_text(&t, "metadata.toml",
             METADATA "minimum-tock-kernel-version = \"2.1\"\n"
                      "only-for-boards = \"a,b\"\nnew-key = 3\n"
                      "build-date = 2026-01-02T03:04:05Z\n[t]\nname = 1\n");
    put_text(&t, "cortex-m4.tbf", "object one");
    put_text(&t, "README", "ignored");
    put_text(&t, "./rv32imac.0x1.0x2.tbf", "object two");
    put_end(&t);
    return t;
}

Test(tab, reads_members_and_metadata)
{
    struct tar t = good();
    struct tab tab;
    struct err e;

    cr_assert(zero(int, parse(&t, t.len, &tab, &e)), "%s", e.text);
    cr_expect(eq(str, tab.metadata.name, "app"));
    cr_expect(eq(str, tab.metadata.kernel, "2.1"));
    cr_expect(eq(str, tab.metadata.boards, "a,b"));
    cr_expect(eq(str, tab.metadata.build_date, "2026-01-02T03:04:05Z"));
    cr_assert(eq(sz, tab.count, 2));
    cr_expect(eq(str, tab.members[0].name, "cortex-m4"));
    cr_expect(eq(sz, tab.members[0].len, 10));
    cr_expect(zero(int, memcmp(tab.members[0].bytes, "object one", 10)));
    cr_expect(eq(str, tab.members[1].name, "rv32imac.0x1.0x2"));
    cr_expect(tab_member_is_for(&tab.members[1], "rv32imac"));
    cr_expect(not(tab_member_is_for(&tab.members[1], "rv32ima")));
    cr_expect(not(tab_member_is_for(&tab.members[1], "rv32imac.0x1")));
    cr_expect(tab_member_is_for(&tab.members[0], "cortex-m4"));
    tab_free(&tab);
}

Test(tab, a_riscv_architecture_may_be_spelled_either_way)
{
    static const struct tab_member rv = {.name = "rv32imac", .arch_len = 8};
    static const struct tab_member riscv = {.name = "riscv32imac.0x1",
                                            .arch_len = 11};
    static const struct tab_member other = {.name = "rm32imac", .arch_len = 8};

    cr_expect(tab_member_is_for(&riscv, "rv32imac"));
    cr_expect(tab_member_is_for(&riscv, "riscv32imac"));
    cr_expect(tab_member_is_for(&rv, "riscv32imac"));
    cr_expect(not(tab_member_is_for(&riscv, "rv32imc")));
    cr_expect(not(tab_member_is_for(&riscv, "32imac")));
    cr_expect(not(tab_member_is_for(&other, "rv32imac")));
}

Test(tab, every_truncation_is_an_error)
{
    struct tar t = good();
    struct tab tab;
    struct err e;

    for (size_t len = 0; len < t.len; len++) {
        cr_assert(eq(int, parse(&t, len, &tab, &e), -1), "%zu bytes", len);
        cr_assert(eq(int, e.kind, ERR_INPUT));
        cr_assert(zero(sz, tab.count));
    }
}

/* One archive per row: its members, and what is wrong with it. */
static void expect_refused(struct tar *t, const char *text)
{
    struct tab tab;
    struct err e;

    put_end(t);
    cr_expect(eq(int, parse(t, t->len, &tab, &e), -1), "%s", text);
    cr_expect(eq(str, e.text, text));
    cr_expect(eq(str, e.where, "reading the TAB 'x.tab'"));
}

Test(tab, needs_metadata_and_an_object)
{
    struct tar t = {.len = 0};

    put_text(&t, "cortex-m4.tbf", "x");
    expect_refused(&t, "the archive holds no metadata.toml");
    t.len = 0;
    put_text(&t, "metadata.toml", METADATA);
    put_text(&t, "cortex-m4.bin", "x");
    expect_refused(&t, "the archive holds no .tbf member");
    t.len = 0;
    expect_refused(&t, "the archive holds no metadata.toml");
}

Test(tab, names_must_be_plain)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"../a.tbf", "member name '../a.tbf' is not allowed"},
        {"/a.tbf", "member name '/a.tbf' is not allowed"},
        {"d/a.tbf", "member name 'd/a.tbf' is not allowed"},
        {".tbf", "member name '.tbf' is not allowed"},
        {"a\nb.tbf", "member name 'a\nb.tbf' is not allowed"},
        {"a\x7f.tbf", "member name 'a\x7f.tbf' is not allowed"},
        {"a\xff.tbf", "member name 'a\xff.tbf' is not allowed"},
    };

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct tar t = {.len = 0};

        put_text(&t, "metadata.toml", METADATA);
        put_text(&t, rows[i].name, "x");
        expect_refused(&t, rows[i].text);
    }
}

Test(tab, nothing_may_be_there_twice)
{
    struct tar t = {.len = 0};

    put_text(&t, "metadata.toml", METADATA);
    put_text(&t, "a.tbf", "x");
    put_text(&t, "./a.tbf", "y");
    expect_refused(&t, "member 'a.tbf' is there twice");
    t.len = 0;
    put_text(&t, "metadata.toml", METADATA);
    put_text(&t, "metadata.toml", METADATA);
    expect_refused(&t, "metadata.toml is there twice");
    t.len = 0;
    put_text(&t, "metadata.toml", METADATA "name = \"b\"\n");
    expect_refused(&t, "metadata.toml, line 3: key 'name' stands there twice");
}

Test(tab, members_are_plain_files)
{
    static const char types[] = "12345";

    for (size_t i = 0; types[i] != '\0'; i++) {
        struct tar t = {.len = 0};

        put_text(&t, "metadata.toml", METADATA);
        put_member(&t, "a.tbf", types[i], "", 0);
        expect_refused(&t, "member 'a.tbf' is not a plain file");
    }
}

Test(tab, metadata_must_be_what_it_says)
{
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"name = \"a\"\n", "metadata.toml has no tab-version"},
        {"tab-version = 2\n",
         "metadata.toml, line 1: expected one tab-version = 1"},
        {"tab-version = \"1\"\n",
         "metadata.toml, line 1: expected one tab-version = 1"},
        {"tab-version = 1\ntab-version = 1\n",
         "metadata.toml, line 2: expected one tab-version = 1"},
        {"tab-version = 1\nname = 5\n",
         "metadata.toml, line 2: the value of 'name' is no string"},
        {"tab-version = 1\nbuild-date = \"x\"\n",
         "metadata.toml, line 2: the value of 'build-date' is no date"},
        {"tab-version = 1\nname = \"a\"b\"\n",
         "metadata.toml, line 2: expected the end of the line"},
    };

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct tar t = {.len = 0};

        put_text(&t, "metadata.toml", rows[i].text);
        put_text(&t, "a.tbf", "x");
        expect_refused(&t, rows[i].error);
    }
}

Test(tab, a_member_larger_than_the_archive_is_refused)
{
    struct tar t = {.len = 0};
    struct tab tab;
    struct err e;

    put_text(&t, "metadata.toml", METADATA);
    size_t at = t.len;
    put_text(&t, "a.tbf", "x");
    put_end(&t);
    /* 1 GiB, the checksum brought up to date. */
    memcpy(t.bytes + at + 124, "10000000000", 11);
    put_octal(t.bytes + at + 148, 7,
              (unsigned)strtoul((char *)t.bytes + at + 148, NULL, 8));
    cr_expect(eq(int, parse(&t, t.len, &tab, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
}

Test(tab, what_is_no_tar_is_refused)
{
    struct tar t = {.len = 4096};
    struct tab tab;
    struct err e;

    memset(t.bytes, 'x', t.len);
    cr_expect(eq(int, parse(&t, t.len, &tab, &e), -1));
    memcpy(t.bytes, "\x1f\x8b\x08\x00", 4);
    cr_expect(eq(int, parse(&t, t.len, &tab, &e), -1));
    cr_expect(eq(int, tab_read("/nonexistent.tab", &tab, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
}

static struct tab_member members[] = {
    {"cortex-m4", 9, (uint8_t *)"one", 3},
    {"rv32imac.0x1.0x2", 8, (uint8_t *)"second", 6},
    {"llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
     "lllllllllllllllllllllllllllllllllllllllll",
     113, (uint8_t *)"", 0},
};

Test(tab, what_is_built_reads_back)
{
    struct tab in = {
        .metadata = {"a\"b\\", "2.0", NULL, "2026-01-02T03:04:05Z"},
        .members = members,
        .count = 3};
    struct tab out;
    uint8_t *bytes;
    size_t len;
    struct err e = {0};

    cr_assert(zero(int, tab_build(&in, &bytes, &len, &e)), "%s", e.text);
    cr_expect(zero(sz, len % BLOCK));
    cr_assert(zero(int, tab_parse(bytes, len, "x", &out, &e)), "%s", e.text);
    cr_expect(eq(str, out.metadata.name, "a\"b\\"));
    cr_expect(eq(str, out.metadata.kernel, "2.0"));
    cr_expect(zero(ptr, out.metadata.boards));
    cr_expect(eq(str, out.metadata.build_date, "2026-01-02T03:04:05Z"));
    cr_assert(eq(sz, out.count, 3));
    for (size_t i = 0; i < 3; i++) {
        cr_expect(eq(str, out.members[i].name, members[i].name));
        cr_expect(eq(sz, out.members[i].arch_len, members[i].arch_len));
        cr_expect(eq(sz, out.members[i].len, members[i].len));
        cr_expect(zero(int, memcmp(out.members[i].bytes, members[i].bytes,
                                   members[i].len)));
    }
    tab_free(&out);
    free(bytes);
}

Test(tab, the_same_input_gives_the_same_bytes)
{
    struct tab in = {
        .metadata = {"app", NULL, "b", NULL}, .members = members, .count = 3};
    uint8_t *a, *b;
    size_t a_len, b_len;
    struct err e = {0};

    cr_assert(zero(int, tab_build(&in, &a, &a_len, &e)));
    cr_assert(zero(int, tab_build(&in, &b, &b_len, &e)));
    cr_assert(eq(sz, a_len, b_len));
    cr_expect(zero(int, memcmp(a, b, a_len)));
    free(a);
    free(b);
}

Test(tab, as_many_members_are_built_as_can_be_read)
{
    struct tab_member *list = calloc(TAB_MAX_MEMBERS, sizeof *list);
    struct tab in = {.members = list, .count = TAB_MAX_MEMBERS - 1};
    struct tab out;
    uint8_t *bytes;
    size_t len;
    struct err e = {0};

    for (size_t i = 0; i < TAB_MAX_MEMBERS; i++) {
        list[i].name = malloc(16);
        snprintf(list[i].name, 16, "m%zu", i);
        list[i].bytes = (uint8_t *)"object";
        list[i].len = 6;
    }
    cr_assert(zero(int, tab_build(&in, &bytes, &len, &e)), "%s", e.text);
    cr_assert(zero(int, tab_parse(bytes, len, "x.tab", &out, &e)), "%s",
              e.text);
    cr_expect(eq(sz, out.count, in.count));
    tab_free(&out);
    free(bytes);
    in.count++;
    cr_expect(eq(int, tab_build(&in, &bytes, &len, &e), -1));
    cr_expect(eq(str, e.text, "a TAB has at most 4096 members"));
    for (size_t i = 0; i < TAB_MAX_MEMBERS; i++)
        free(list[i].name);
    free(list);
}

Test(tab, an_archive_in_pieces_refers_to_the_objects)
{
    enum { LEN = 100000 };
    uint8_t *object = calloc(LEN, 1);
    struct tab_member list[] = {
        {.name = "a", .bytes = object, .len = LEN},
        {.name = "b", .bytes = object, .len = 0},
        {.name = "c", .bytes = object, .len = 700},
    };
    struct tab tab = {.members = list, .count = 3};
    struct file_pieces pieces;
    size_t at = 0, referred = 0, len;
    uint8_t *bytes;
    struct err e = {0};

    memset(object, 0xa5, LEN);
    cr_assert(zero(int, tab_build(&tab, &bytes, &len, &e)), "%s", e.text);
    cr_assert(zero(int, tab_build_pieces(&tab, &pieces, &e)), "%s", e.text);
    for (size_t i = 0; i < pieces.count; i++) {
        const struct file_piece *piece = &pieces.list[i];

        cr_assert(le(sz, piece->len, len - at));
        cr_expect(zero(int, memcmp(bytes + at, piece->bytes, piece->len)));
        if (piece->bytes == object)
            referred += piece->len;
        at += piece->len;
    }
    cr_expect(eq(sz, at, len));
    cr_expect(eq(sz, referred, LEN + 700));
    file_pieces_free(&pieces);
    free(bytes);
    free(object);
}

Test(tab, bad_names_are_not_built)
{
    struct tab_member bad[] = {{"a", 1, (uint8_t *)"", 0},
                               {"a", 1, (uint8_t *)"", 0}};
    struct tab in = {
        .metadata = {"app", NULL, NULL, NULL}, .members = bad, .count = 2};
    uint8_t *bytes;
    size_t len;
    struct err e = {0};

    cr_expect(eq(int, tab_build(&in, &bytes, &len, &e), -1));
    cr_expect(eq(str, e.text, "two objects of the TAB would be called 'a'"));
    bad[1].name = "../a";
    cr_expect(eq(int, tab_build(&in, &bytes, &len, &e), -1));
    cr_expect(eq(int, e.kind, ERR_INPUT));
    bad[1].name = "";
    cr_expect(eq(int, tab_build(&in, &bytes, &len, &e), -1));
}

Test(tab, what_is_neither_object_nor_known_key_is_kept)
{
    static struct tar t;
    static const char text[] =
        "tab-version = 1\nname = \"x\"\n# who knows\nlater = 5\n";
    struct tab tab, again;
    uint8_t *bytes;
    size_t len;
    struct err e = {0};

    put_text(&t, "README", "read me");
    put_text(&t, "metadata.toml", text);
    put_text(&t, "cortex-m4.tbf", "object");
    put_end(&t);
    cr_assert(zero(int, parse(&t, t.len, &tab, &e)), "%s", e.text);
    cr_assert(zero(int, tab_build(&tab, &bytes, &len, &e)), "%s", e.text);
    cr_assert(zero(int, tab_parse(bytes, len, "x", &again, &e)), "%s", e.text);
    cr_expect(eq(str, again.metadata_text, (char *)text));
    cr_assert(eq(sz, again.other_count, 1));
    cr_expect(eq(str, again.others[0].name, "README"));
    cr_assert(eq(sz, again.others[0].len, 7));
    cr_expect(zero(int, memcmp(again.others[0].bytes, "read me", 7)));
    tab_free(&again);
    tab_free(&tab);
    free(bytes);
}

/* The metadata of a TAB with this text, after name and kernel were changed. */
static char *renewed(const char *text, char *name, char *kernel)
{
    struct tar t = {.len = 0};
    struct tab tab;
    struct err e = {0};
    char *out;

    put_text(&t, "metadata.toml", text);
    put_text(&t, "cortex-m4.tbf", "object");
    put_end(&t);
    cr_assert(zero(int, parse(&t, t.len, &tab, &e)), "%s", e.text);
    free(tab.metadata.name);
    free(tab.metadata.kernel);
    tab.metadata.name = name != NULL ? strdup(name) : NULL;
    tab.metadata.kernel = kernel != NULL ? strdup(kernel) : NULL;
    tab_renew_metadata(&tab);
    out = strdup(tab.metadata_text);
    cr_expect(eq(sz, tab.metadata_len, strlen(out)));
    tab_free(&tab);
    return out;
}

Test(tab, new_metadata_leaves_other_lines_alone)
{
    static const struct {
        const char *before;
        const char *after;
    } rows[] = {
        {"# first\ntab-version = 1\nname = \"old\" # why\nlater = 5\n[t]\n"
         "name = \"its\"\n",
         "minimum-tock-kernel-version = \"2.1\"\n# first\ntab-version = 1\n"
         "name = \"a\\\"b\"\nlater = 5\n[t]\nname = \"its\"\n"},
        {"minimum-tock-kernel-version = \"1.0\"\nlist = [\n \"x\",\n \"y\"]"
         "\nname = \"\"\ntab-version = 1",
         "minimum-tock-kernel-version = \"2.1\"\nlist = [\n \"x\",\n \"y\"]"
         "\nname = \"a\\\"b\"\ntab-version = 1"},
    };

    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        char *text = renewed(rows[i].before, "a\"b", "2.1");

        cr_expect(eq(str, text, (char *)rows[i].after));
        free(text);
    }
    char *text = renewed("tab-version = 1\nname = \"x\"\n", NULL, NULL);
    cr_expect(eq(str, text, "tab-version = 1\n"));
    free(text);
}
