/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

#include "host/alloc.h"
#include "host/completion.h"

#include <stdlib.h>

struct completion_options {
    bool none; /* it has no option of its own */
};

/* Names of boards are asked for when they are needed: users may add some. */
static const struct completion_value values[] = {
    {"board", NULL, "tockloader-c boards | sed \"s, .*,,\""},
    {"color", "auto always never", NULL},
};

static struct completion_command describe(const struct command *command)
{
    return (struct completion_command){
        .name = command->name,
        .summary = command->summary,
        .tables = {{command->options, command->option_count},
                   {common_options, common_option_count}},
        .words = command == &cmd_completion ? "bash zsh fish"
                 : command == &cmd_tbf      ? "tlv credential convert"
                                            : NULL,
    };
}

/* A document holds the script as a string. */
static bool print(const struct session *session,
                  const struct completion *completion)
{
    const char *shell = session->operands.words[0];
    char *text = NULL;
    size_t len;
    FILE *to = stdout;

    if (session->json != NULL)
        to = open_memstream(&text, &len);
    if (to == NULL)
        return false;

    bool is_known = completion_print(completion, shell, to);

    if (to != stdout) {
        fclose(to);
        json_add_string(session->json, "script", is_known ? text : NULL);
        free(text);
    }
    return is_known;
}

static int run(struct session *session, struct err *e)
{
    const struct cli_list *words = &session->operands;
    struct completion_command *list;

    if (words->count != 1)
        return err_set(e, ERR_USAGE, "completion needs bash, zsh or fish");
    list = alloc_zeroed(command_count, sizeof *list);
    for (size_t i = 0; i < command_count; i++)
        list[i] = describe(commands[i]);

    const struct completion completion = {
        .program = "tockloader-c",
        .commands = list,
        .count = command_count,
        .values = values,
        .value_count = ARRAY_COUNT(values),
    };
    bool is_known = print(session, &completion);

    free(list);
    return is_known ? 0
                    : err_set(e, ERR_USAGE,
                              "no completion for '%s', only for bash, zsh and "
                              "fish",
                              words->words[0]);
}

const struct command cmd_completion = {
    .name = "completion",
    .group = COMMAND_SETUP,
    .summary = "print a script that completes command lines",
    .operands = "bash|zsh|fish",
    .details = "Prints a script for the shell, made of the tables that the "
               "options are read by.\n",
    .examples = "source <(tockloader-c completion bash)\n",
    .statuses = "",
    .own_size = sizeof(struct completion_options),
    .run = run,
};
