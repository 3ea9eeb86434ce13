/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/completion.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

TestSuite(completion, .timeout = 10);

static const struct cli_option options[] = {
    {"key", 'k', CLI_STRING, 0, "KEY", "elf2tab's key [none]", 0},
    {"to", 0, CLI_STRING, 0, "DIR", NULL, 0},
    {"size", 0, CLI_DECIMAL, 0, "N", "where; how much", 0},
    {"color", 0, CLI_STRING, 0, "WHEN", "colour", 0},
    {"secret", 0, CLI_FLAG, 0, NULL, "", 0},
};

static const struct completion_value values[] = {
    {"color", "auto never", NULL},
};

static const struct completion_command commands[] = {
    {.name = "do-it",
     .summary = "does 'it'",
     .tables = {{options, ARRAY_COUNT(options)}}},
    {.name = NULL, .tables = {{options, 1}}},
};

static const struct completion completion = {
    .program = "a-tool",
    .commands = commands,
    .count = ARRAY_COUNT(commands),
    .values = values,
    .value_count = ARRAY_COUNT(values),
};

static char *script(const char *shell)
{
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);
    bool is_known = completion_print(&completion, shell, to);

    fclose(to);
    cr_expect(eq(int, is_known, len != 0));
    return text;
}

static void expect(const char *text, const char *part)
{
    cr_expect(ne(ptr, strstr(text, part), NULL), "no '%s' in\n%s", part, text);
}

Test(completion, bash_sorts_options_by_what_follows_them)
{
    char *text = script("bash");

    expect(text,
           "    do-it)\n        options=' --key -k --to --size --color '");
    expect(text, "files=' --key -k '\n        folders=' --to '\n        "
                 "others=' --size '");
    expect(text, "    *)\n        options=' --key -k '");
    expect(text, "    --color) values='auto never' ;;");
    expect(text, "complete -F _a_tool a-tool\n");
    cr_expect(eq(ptr, strstr(text, "secret"), NULL));
    free(text);
}

Test(completion, zsh_escapes_what_it_would_interpret)
{
    char *text = script("zsh");

    expect(text, "'do-it:does '\\''it'\\'''");
    expect(text, "'*--key[elf2tab'\\''s key \\[none\\]]:KEY:_files'");
    expect(text, "'*--to[where; how much]:DIR:_files -/'");
    expect(text, "'*--color[colour]:WHEN:(auto never)'");
    free(text);
}

Test(completion, fish_has_a_line_for_each_option)
{
    char *text = script("fish");

    expect(text, "complete -c a-tool -n '__fish_seen_subcommand_from do-it' "
                 "-l key -s k -r -F -d 'elf2tab\\'s key [none]'\n");
    expect(text, "-n '__fish_use_subcommand' -l key");
    expect(text, "-l color -x -a 'auto never'");
    free(text);
}

Test(completion, other_shells_have_none)
{
    free(script("tcsh"));
}
