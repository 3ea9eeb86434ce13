/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Scripts that complete a tool's command line in bash, zsh and fish, made of
 * the same option tables as its parser and help.
 *
 * What an option's value may be, its name in the help (metavar) tells: FILE,
 * KEY, TAB and ELF are files, DIR is a folder; for others a tool can name the
 * words, or a command that prints them. Operands are files.
 */

#include "host/cli.h"

enum { COMPLETION_TABLES = 3 };

struct completion_command {
    const char *name;    /* null: without a command */
    const char *summary; /* one line                */
    struct {
        const struct cli_option *options;
        size_t count;
    } tables[COMPLETION_TABLES];
    const char *words; /* that may stand behind it, by blanks; or null */
};

/* Values of the options with this name. */
struct completion_value {
    const char *option;
    const char *words;   /* by blanks; null: see command         */
    const char *command; /* prints words; no single quote in it   */
};

struct completion {
    const char *program;
    const struct completion_command *commands;
    size_t count;
    const struct completion_value *values;
    size_t value_count;
};

/* False, nothing printed, if shell is not "bash", "zsh" or "fish". */
bool completion_print(const struct completion *completion, const char *shell,
                      FILE *to);
