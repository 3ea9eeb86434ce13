/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "cmdline.h"
#include "editing.h"
#include "host/alloc.h"
#include "host/completion.h"

#include <stdlib.h>

struct completion_options {
    bool none; /* it has no option of its own */
};

static struct completion_command describe(const struct subcommand *command)
{
    bool no_json = !command->has_json;

    return (struct completion_command){
        .name = command->name,
        .summary = command->summary,
        .tables = {{command->options, command->option_count},
                   {editing_options,
                    command->is_editing ? editing_option_count : 0},
                   {subcommand_common + no_json,
                    subcommand_common_count - no_json}},
        .words = command == &cmd_completion ? "bash zsh fish" : NULL,
    };
}

static int run(struct task *task, struct err *e)
{
    struct completion_command *commands;
    size_t count = 0;

    if (task_check_operands(task, 1, 1, e) != 0)
        return -1;
    while (subcommands[count] != NULL)
        count++;
    commands = alloc_zeroed(count + 1, sizeof *commands);
    for (size_t i = 0; i < count; i++)
        commands[i] = describe(subcommands[i]);
    commands[count] = (struct completion_command){
        .tables = {{cmdline_options, cmdline_option_count}},
    };

    const struct completion completion = {
        .program = "elf2tbf", .commands = commands, .count = count + 1};
    bool is_known =
        completion_print(&completion, task->operands.words[0], stdout);

    free(commands);
    return is_known ? 0
                    : err_set(e, ERR_USAGE,
                              "no completion for '%s', only for bash, zsh and "
                              "fish",
                              task->operands.words[0]);
}

const struct subcommand cmd_completion = {
    .name = "completion",
    .summary = "print a script that completes command lines",
    .operands = "bash|zsh|fish",
    .details = "Prints a script for the shell, made of the tables that the "
               "options are read by.\n",
    .example = "elf2tbf completion bash > ~/.local/share/bash-completion/"
               "completions/elf2tbf\n",
    .statuses = "2",
    .own_size = sizeof(struct completion_options),
    .run = run,
};
