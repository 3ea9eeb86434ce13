/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * tockloader-c: finds the command, parses its options, runs it, prints what
 * went wrong. The only place that prints errors and decides the exit status.
 */

#include "command.h"
#include "document.h"

#include "host/alloc.h"
#include "host/interrupt.h"
#include "host/ui.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

const struct command *const commands[] = {
    &cmd_install,    &cmd_update,  &cmd_uninstall,   &cmd_list,
    &cmd_map,        &cmd_enable,  &cmd_disable,     &cmd_sticky,
    &cmd_unsticky,   &cmd_erase,   &cmd_plan,        &cmd_verify,
    &cmd_backup,     &cmd_restore, &cmd_recover,     &cmd_tidy,
    &cmd_flash,      &cmd_boards,  &cmd_inspect_tab, &cmd_tbf,
    &cmd_completion,
};
const size_t command_count = ARRAY_COUNT(commands);

static const char *const group_names[COMMAND_GROUPS] = {
    [COMMAND_APPS] = "Apps",
    [COMMAND_FILES] = "Files",
    [COMMAND_BOARD] = "Board",
    [COMMAND_SETUP] = "Setup",
};

/* Options without a help text share the line and the text of the next one. */
const struct cli_option common_options[] = {
    {"board", 'b', CLI_STRING, offsetof(struct common_options, board), "NAME",
     NULL, 0},
    {"flash-file", 0, CLI_STRING, offsetof(struct common_options, flash_file),
     "FILE", "the board, and an image of its flash", 0},
    {"protocol", 0, CLI_STRING, offsetof(struct common_options, protocol), "s",
     "change a flash image as a board's flash", 0},
    {"dry-run", 'n', CLI_FLAG, offsetof(struct common_options, dry_run), NULL,
     NULL, 0},
    {"yes", 'y', CLI_FLAG, offsetof(struct common_options, yes), NULL,
     "only print what would be done; ask nothing", 0},
    {"json", 0, CLI_FLAG, offsetof(struct common_options, json), NULL,
     "one JSON object on stdout, also on failure", 0},
    {"quiet", 'q', CLI_FLAG, offsetof(struct common_options, quiet), NULL, NULL,
     0},
    {"verbose", 'v', CLI_COUNT, offsetof(struct common_options, verbose), NULL,
     "only errors; more", 0},
    {"color", 0, CLI_STRING, offsetof(struct common_options, color), "WHEN",
     NULL, 0},
    {"help", 'h', CLI_STOP, offsetof(struct common_options, help), NULL,
     "auto, always, never; this text", 0},
};
const size_t common_option_count = ARRAY_COUNT(common_options);

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(commands); i++) {
        const struct command *command = commands[i];

        if (strcmp(command->name, name) == 0 ||
            (command->alias != NULL && strcmp(command->alias, name) == 0))
            return command;
    }
    return NULL;
}

/* The commands of one group, in lines that fit a terminal. */
static void print_group(enum command_group group, FILE *to)
{
    enum { INDENT = 8, COLUMNS = 80 };
    size_t column = 0;

    for (size_t i = 0; i < ARRAY_COUNT(commands); i++) {
        size_t len = strlen(commands[i]->name);

        if (commands[i]->group != group)
            continue;
        if (column == 0 || column + 2 + len > COLUMNS) {
            fprintf(to, "%s%-*s", column == 0 ? "" : "\n", INDENT,
                    column == 0 ? group_names[group] : "");
            column = INDENT;
        } else {
            fputs("  ", to);
            column += 2;
        }
        fputs(commands[i]->name, to);
        column += len;
    }
    if (column != 0)
        putc('\n', to);
}

static void print_help(FILE *to)
{
    fputs("Manages the apps on a Tock board.\n\n"
          "  tockloader-c list -b qemu_rv32_virt --flash-file b.img\n"
          "  tockloader-c install -b qemu_rv32_virt --flash-file b.img "
          "hello.tab\n"
          "  tockloader-c help install\n\n",
          to);
    for (int group = 0; group < COMMAND_GROUPS; group++)
        print_group((enum command_group)group, to);
    fputs("\nOptions of all commands:\n", to);
    cli_print_options(common_options, common_option_count, to);
    fputs("\n`tockloader-c help COMMAND` tells more; --version prints the "
          "version.\n",
          to);
}

static void print_command_help(const struct command *command, FILE *to)
{
    fprintf(to, "usage: tockloader-c %s [OPTION...]%s%s\n\n%s\n  %s",
            command->name, command->operands[0] == '\0' ? "" : " ",
            command->operands, command->details, command->examples);
    fputs("\nOptions:\n", to);
    cli_print_options(command->options, command->option_count, to);
    cli_print_options(common_options, common_option_count, to);
    fprintf(to,
            "\nExit status: 0, 1 (a bug), 2 (usage)%s%s; tockloader-c(1) "
            "lists them.\n",
            command->statuses[0] == '\0' ? "" : ", ", command->statuses);
}

static int unknown_command(const char *word, struct err *e)
{
    const char *names[ARRAY_COUNT(commands) + 1] = {0};
    const char *nearest;

    for (size_t i = 0; i < ARRAY_COUNT(commands); i++)
        names[i] = commands[i]->name;
    nearest = cli_nearest(word, names);
    err_set(e, ERR_USAGE, "unknown %s '%s'",
            word[0] == '-' ? "option in front of a command" : "command", word);
    if (nearest != NULL)
        return err_hint(e, "did you mean `tockloader-c %s`?", nearest);
    return err_hint(e, "`tockloader-c --help` lists the commands");
}

static int help_on(const char *word, struct err *e)
{
    const struct command *command = find_command(word);

    if (command == NULL)
        return unknown_command(word, e);
    print_command_help(command, stdout);
    return 0;
}

static int parse(const struct command *command, char **words, size_t count,
                 struct session *session, void *own, struct err *e)
{
    char name[64];
    const struct cli_table tables[] = {
        {command->options, command->option_count, own},
        {common_options, common_option_count, &session->options},
    };
    const struct cli cli = {name, tables, ARRAY_COUNT(tables)};

    snprintf(name, sizeof name, "tockloader-c %s", command->name);
    return cli_parse(&cli, words, count, &session->operands, e);
}

static int choose_colours(struct session *session, struct err *e)
{
    enum ui_colour wish = UI_COLOUR_AUTO;
    const char *word = session->options.color;

    if (word != NULL && !ui_colour_parse(word, &wish))
        return err_set(e, ERR_USAGE,
                       "--color is '%s', expected auto, always or never", word);
    session->colour_err = ui_colour(stderr, wish);
    session->utf8 = ui_utf8();
    return 0;
}

/* A full disk or a closed pipe must not look like success. */
static int flush_output(struct err *e)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    return err_set(e, ERR_INPUT, "cannot write to the standard output");
}

static int run_command(const struct command *command, struct session *session,
                       struct err *e)
{
    if (choose_colours(session, e) != 0 ||
        (session->options.json && document_begin(session, e) != 0))
        return -1;
    if (command->run(session, e) != 0)
        return err_while(e, "running `%s`", command->name);
    if (!session->options.quiet && !session->options.json)
        notes_print(&session->notes, stderr, session->colour_err);
    return 0;
}

/* A command line that cannot be parsed may still ask for JSON. */
static bool asks_for_json(char **words, size_t count)
{
    for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++)
        if (strcmp(words[i], "--json") == 0)
            return true;
    return false;
}

/* The words of a command, without the program's name and `plan`. */
struct line {
    char **words;
    size_t count;
    bool is_plan;
};

/* Of "plan [OPTION...] COMMAND ...", puts COMMAND in the place of "plan". */
static void unwrap_plan(struct line *line)
{
    for (size_t at = 1; at < line->count && !line->is_plan; at++) {
        char *word = line->words[at];

        if (find_command(word) == NULL)
            continue;
        line->count--;
        memmove(&line->words[at], &line->words[at + 1],
                (line->count - at) * sizeof *line->words);
        line->words[0] = word;
        line->is_plan = true;
    }
}

static int nothing_to_plan(const struct command *command, struct err *e)
{
    err_set(e, ERR_USAGE, "`%s` changes no board, there is nothing to plan",
            command->name);
    return err_hint(e, "run it as it is: tockloader-c %s", command->name);
}

static int parse_and_run(const struct command *command, const struct line *line,
                         struct session *session, void *own, struct err *e)
{
    int result =
        parse(command, line->words + 1, line->count - 1, session, own, e);

    session->command = command->name;
    session->own = own;
    session->options.dry_run |= line->is_plan;
    session->options.json = asks_for_json(line->words, line->count);
    if (result == 0 && session->options.help) {
        print_command_help(command, stdout);
        return 0;
    }
    if (result == 0 && line->is_plan && !command->changes_board)
        result = nothing_to_plan(command, e);
    if (result == 0)
        result = run_command(command, session, e);
    return session->options.json ? document_end(session, result, e) : result;
}

static void free_lists(const struct command *command, char *own)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (command->options[i].kind == CLI_LIST)
            cli_list_free(
                (struct cli_list *)(void *)(own + command->options[i].offset));
}

static int dispatch(const struct line *line, bool *colour, struct err *e)
{
    const struct command *command = find_command(line->words[0]);
    struct session session = {0};
    void *own;
    int result;

    if (command == NULL)
        return unknown_command(line->words[0], e);
    own = alloc_zeroed(1, command->own_size);
    result = parse_and_run(command, line, &session, own, e);
    *colour = session.colour_err;
    session_close(&session);
    free_lists(command, own);
    free(own);
    return result;
}

static bool is_one_of(const char *word, const char *a, const char *b)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

static int run(int argc, char **argv, bool *colour, struct err *e)
{
    if (argc < 2) {
        print_help(stderr);
        e->kind = ERR_USAGE;
        return -1;
    }
    if (is_one_of(argv[1], "--version", "-V")) {
        puts("tockloader-c " PROJECT_VERSION);
        return 0;
    }
    if (is_one_of(argv[1], "--help", "-h") ||
        (strcmp(argv[1], "help") == 0 && argc == 2)) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "help") == 0)
        return help_on(argv[2], e);
    struct line line = {argv + 1, (size_t)argc - 1, false};

    if (strcmp(line.words[0], cmd_plan.name) == 0)
        unwrap_plan(&line);
    return dispatch(&line, colour, e);
}

int main(int argc, char **argv)
{
    struct err e = {0};
    bool colour = ui_colour(stderr, UI_COLOUR_AUTO);

    setlocale(LC_CTYPE, "");
    interrupt_catch();
    int result = run(argc, argv, &colour, &e);
    if (result == 0)
        result = flush_output(&e);
    if (result == 0)
        return 0;
    fflush(stdout);
    if (e.text[0] != '\0')
        err_print(&e, stderr, colour);
    return (int)e.kind;
}
