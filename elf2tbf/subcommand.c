/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "subcommand.h"

#include "editing.h"
#include "host/alloc.h"
#include "host/ui.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const struct subcommand *const subcommands[] = {
    &cmd_inspect, &cmd_verify, &cmd_sign,       &cmd_set,
    &cmd_extract, &cmd_bundle, &cmd_completion, NULL,
};

struct common {
    bool json;
    bool quiet;
    bool help;
};

const struct cli_option subcommand_common[] = {
    {"json", 0, CLI_FLAG, offsetof(struct common, json), NULL,
     "one JSON object on stdout, also on failure", 0},
    {"quiet", 'q', CLI_FLAG, offsetof(struct common, quiet), NULL, NULL, 0},
    {"help", 'h', CLI_STOP, offsetof(struct common, help), NULL,
     "only errors; this text", 0},
};
const size_t subcommand_common_count = ARRAY_COUNT(subcommand_common);

const struct subcommand *subcommand_find(const char *word)
{
    for (size_t i = 0; subcommands[i] != NULL; i++)
        if (strcmp(subcommands[i]->name, word) == 0)
            return subcommands[i];
    return NULL;
}

int task_check_operands(const struct task *task, size_t min, size_t max,
                        struct err *e)
{
    size_t count = task->operands.count;

    if (count >= min && (max == 0 || count <= max))
        return 0;
    if (count < min)
        err_set(e, ERR_USAGE, "`%s` needs %s", task->command->name,
                task->command->operands);
    else
        err_set(e, ERR_USAGE, "`%s` takes %s, '%s' is too much",
                task->command->name,
                max == 0 ? "no operand" : task->command->operands,
                task->operands.words[max]);
    return err_hint(e, "`elf2tbf %s --help` tells more", task->command->name);
}

int task_check_output(const char *output, const char *input, struct err *e)
{
    struct stat a;
    struct stat b;

    if (stat(output, &a) != 0 || stat(input, &b) != 0 || !S_ISREG(a.st_mode) ||
        a.st_dev != b.st_dev || a.st_ino != b.st_ino)
        return 0;
    return err_set(e, ERR_USAGE, "the output '%s' would replace an input",
                   output);
}

static void print_help(const struct subcommand *command)
{
    printf("Usage: elf2tbf %s [OPTION]... %s\n%s  %s", command->name,
           command->operands, command->details, command->example);
    cli_print_options(command->options, command->option_count, stdout);
    if (command->is_editing)
        cli_print_options(editing_options, editing_option_count, stdout);
    cli_print_options(subcommand_common + !command->has_json,
                      subcommand_common_count - !command->has_json, stdout);
    printf("Exit status: 0, 2 (usage), %s; elf2tbf(1) lists them.\n",
           command->statuses);
}

/* Tables by number of options: those a command lacks have none. */
static int parse(struct task *task, char *const *words, size_t count, void *own,
                 struct editing *editing, struct common *common, struct err *e)
{
    const struct subcommand *command = task->command;
    char name[64];
    const struct cli_table tables[] = {
        {command->options, command->option_count, own},
        {editing_options, command->is_editing ? editing_option_count : 0,
         editing},
        {subcommand_common + !command->has_json,
         subcommand_common_count - !command->has_json, common},
    };
    const struct cli cli = {name, tables, ARRAY_COUNT(tables)};

    snprintf(name, sizeof name, "elf2tbf %s", command->name);
    return cli_parse(&cli, words, count, &task->operands, e);
}

static int begin_document(struct task *task, struct err *e)
{
    char schema[64];

    task->json = json_begin(e);
    if (task->json == NULL)
        return -1;
    snprintf(schema, sizeof schema, "elf2tbf/%s/1", task->command->name);
    json_add_string(task->json, "schema", schema);
    return 0;
}

static void end_document(struct task *task, int result, const struct err *e)
{
    struct json *warnings = json_add_array(task->json, "warnings");

    for (size_t i = 0; i < task->notes.count; i++)
        json_add_string(warnings, NULL, task->notes.lines[i]);
    if (result != 0) {
        struct json *error = json_add_object(task->json, "error");

        json_add_number(error, "status", e->kind);
        json_add_string(error, "message", e->text);
        json_add_string(error, "while", e->where[0] == '\0' ? NULL : e->where);
        json_add_string(error, "hint", e->hint[0] == '\0' ? NULL : e->hint);
    }
    json_print(task->json, stdout);
    json_free(task->json);
    task->json = NULL;
}

int subcommand_flush(struct err *e)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    return err_set(e, ERR_INPUT, "cannot write to the standard output");
}

/* A command line that cannot be parsed may still ask for JSON. */
static bool asks_for_json(char *const *words, size_t count)
{
    for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++)
        if (strcmp(words[i], "--json") == 0)
            return true;
    return false;
}

/* result is that of parsing the command line. */
static int run(struct task *task, const struct common *common, int result,
               struct err *e)
{
    task->quiet = common->quiet;
    if (common->json && begin_document(task, e) != 0)
        return -1;
    if (result == 0) {
        result = task->command->run(task, e);
        if (result != 0)
            err_while(e, "running `elf2tbf %s`", task->command->name);
    }
    if (task->json != NULL)
        end_document(task, result, e);
    else if (!task->quiet)
        notes_print(&task->notes, stderr, ui_colour(stderr, UI_COLOUR_AUTO));
    if (result == 0)
        return subcommand_flush(e);
    fflush(stdout); /* what was told comes before the error */
    return result;
}

int subcommand_run(const struct subcommand *command, char *const *words,
                   size_t count, struct err *e)
{
    struct task task = {.command = command};
    struct editing editing = {0};
    struct common common = {0};
    void *own = alloc_zeroed(1, command->own_size);
    int result = parse(&task, words, count, own, &editing, &common, e);

    task.own = own;
    task.editing = &editing;
    common.json = command->has_json && asks_for_json(words, count);
    if (result == 0 && common.help) {
        print_help(command);
        result = subcommand_flush(e);
    } else {
        result = run(&task, &common, result, e);
    }
    cli_list_free(&task.operands);
    notes_free(&task.notes);
    free(own);
    return result;
}
