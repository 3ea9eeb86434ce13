/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/err.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

TestSuite(err, .timeout = 10);

static char *printed(const struct err *e, bool colour)
{
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);

    err_print(e, to, colour);
    fclose(to);
    return text;
}

Test(err, prints_what_where_and_hint)
{
    struct err e = {0};

    cr_expect(eq(int, err_set(&e, ERR_INPUT, "found %d", 7), -1));
    cr_expect(eq(int, err_while(&e, "reading '%s'", "f"), -1));
    cr_expect(eq(int, err_while(&e, "listing"), -1));
    cr_expect(eq(int, err_hint(&e, "try %s", "x"), -1));
    err_hint(&e, "a second hint stays out");

    char *text = printed(&e, false);
    cr_expect(eq(str, text,
                 "error: found 7\n  while reading 'f', listing\n"
                 "  hint: try x\n"));
    free(text);
    cr_expect(eq(int, e.kind, ERR_INPUT));
}

Test(err, prints_only_what_is_there)
{
    struct err e = {0};

    err_set(&e, ERR_USAGE, "bad");
    char *text = printed(&e, true);
    cr_expect(eq(str, text, "\033[1;31merror:\033[0m bad\n"));
    free(text);
}

Test(err, a_new_error_forgets_the_old_one)
{
    struct err e = {0};

    err_set(&e, ERR_INPUT, "old");
    err_while(&e, "old");
    err_hint(&e, "old");
    err_set(&e, ERR_STATE, "new");
    cr_expect(eq(str, e.text, "new"));
    cr_expect(eq(str, e.where, ""));
    cr_expect(eq(str, e.hint, ""));
}

Test(err, control_characters_do_not_reach_the_terminal)
{
    struct err e = {0};

    err_set(&e, ERR_INPUT, "app '%s'", "a\033[2J\nb\x7f é");
    char *text = printed(&e, false);
    cr_expect(eq(str, text, "error: app 'a\\x1b[2J\\x0ab\\x7f é'\n"));
    free(text);
}

Test(err, long_text_is_cut_and_terminated)
{
    struct err e = {0};
    char text[2000];

    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    err_set(&e, ERR_INPUT, "%s", text);
    for (int i = 0; i < 4; i++)
        err_while(&e, "%s", text);
    err_hint(&e, "%s", text);
    cr_expect(eq(sz, strlen(e.text), sizeof e.text - 1));
    cr_expect(eq(sz, strlen(e.where), sizeof e.where - 1));
    cr_expect(eq(sz, strlen(e.hint), sizeof e.hint - 1));
}
