/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * tockloader-c: finds the command, parses its options, runs it, prints what
 * went wrong. The only place that prints errors and decides the exit status.
 */

#include "command.h"

#include "host/alloc.h"
#include "host/interrupt.h"
#include "host/ui.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct command *const commands[] = {
    &cmd_install, &cmd_update, &cmd_uninstall, &cmd_list,
    &cmd_map,     &cmd_flash,  &cmd_boards,
};

static const struct cli_option common[] = {
    {"board", 'b', CLI_STRING, offsetof(struct common_options, board), "NAME",
     "the board; `tockloader-c boards` lists them", 0},
    {"flash-file", 0, CLI_STRING, offsetof(struct common_options, flash_file),
     "FILE", "work on this image of the board's flash", 0},
    {"dry-run", 'n', CLI_FLAG, offsetof(struct common_options, dry_run), NULL,
     "print what would be written, write nothing", 0},
    {"yes", 'y', CLI_FLAG, offsetof(struct common_options, yes), NULL,
     "ask nothing", 0},
    {"quiet", 'q', CLI_FLAG, offsetof(struct common_options, quiet), NULL,
     "only errors", 0},
    {"verbose", 'v', CLI_COUNT, offsetof(struct common_options, verbose), NULL,
     "tell more", 0},
    {"color", 0, CLI_STRING, offsetof(struct common_options, color), "WHEN",
     "auto, always or never", 0},
    {"help", 'h', CLI_STOP, offsetof(struct common_options, help), NULL,
     "this text", 0},
};

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

static void print_help(FILE *to)
{
    fputs("Manages the apps on a Tock board.\n\n", to);
    for (size_t i = 0; i < ARRAY_COUNT(commands); i++)
        fprintf(to, "  tockloader-c %-10s %-8s %s\n", commands[i]->name,
                commands[i]->operands, commands[i]->summary);
    fputs("\nOptions of all commands:\n", to);
    cli_print_options(common, ARRAY_COUNT(common), to);
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
    cli_print_options(common, ARRAY_COUNT(common), to);
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
        {common, ARRAY_COUNT(common), &session->options},
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
                       void *own, struct err *e)
{
    session->command = command->name;
    session->own = own;
    if (choose_colours(session, e) != 0)
        return -1;
    if (session->options.help) {
        print_command_help(command, stdout);
        return 0;
    }
    if (command->run(session, e) != 0)
        return err_while(e, "running `%s`", command->name);
    if (!session->options.quiet)
        notes_print(&session->notes, stderr, session->colour_err);
    return 0;
}

static int dispatch(int argc, char **argv, bool *colour, struct err *e)
{
    const struct command *command = find_command(argv[1]);
    struct session session = {0};
    void *own;
    int result;

    if (command == NULL)
        return unknown_command(argv[1], e);
    own = alloc_zeroed(1, command->own_size);
    result = parse(command, argv + 2, (size_t)argc - 2, &session, own, e);
    if (result == 0)
        result = run_command(command, &session, own, e);
    *colour = session.colour_err;
    session_close(&session);
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
    return dispatch(argc, argv, colour, e);
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
