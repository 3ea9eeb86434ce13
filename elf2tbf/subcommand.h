/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Commands that work on objects which exist already: inspect, verify, sign,
 * set, extract, bundle, completion. One source file each, cmd_<name>.c, which
 * defines its struct subcommand with all that help, parser, completion and
 * manual know of it.
 *
 * A first word that names one is a command; a file of such a name is written
 * with its folder: ./inspect.
 */

#include "host/cli.h"
#include "host/json.h"
#include "host/notes.h"

/* One run of one command. */
struct task {
    const struct subcommand *command;
    struct cli_list operands;
    const void *own;               /* what its own options filled            */
    const struct editing *editing; /* set for commands that change objects  */
    bool quiet;
    struct json *json; /* the document of --json, else null; the commands   */
                       /* print no text then                                */
    struct notes notes;
};

struct subcommand {
    const char *name;
    const char *summary;  /* one line, starts lower case                  */
    const char *operands; /* as in the usage line: "FILE..."              */
    const char *details;  /* a few lines; ends with newline               */
    const char *example;  /* to be pasted; ends with newline              */
    const char *statuses; /* why it may fail: "3, 6"                      */
    const struct cli_option *options; /* its own */
    size_t option_count;
    size_t own_size; /* of the struct that its options fill              */
    bool is_editing; /* has the options of editing.h, too                */
    bool has_json;
    int (*run)(struct task *task, struct err *e);
};

/* Ends with a null pointer. */
extern const struct subcommand *const subcommands[];

/* Null if word names none. */
const struct subcommand *subcommand_find(const char *word);

/* words[0..count) stand behind the command's name. */
MUST_USE int subcommand_run(const struct subcommand *command,
                            char *const *words, size_t count, struct err *e);

/* What was printed is there now: a full disk or a closed pipe must not look
 * like success. ERR_INPUT if it is not. */
MUST_USE int subcommand_flush(struct err *e);

/* ERR_USAGE unless min to max operands are given; max 0: any number. */
MUST_USE int task_check_operands(const struct task *task, size_t min,
                                 size_t max, struct err *e);

/* ERR_USAGE if writing the output would replace the input, another file. */
MUST_USE int task_check_output(const char *output, const char *input,
                               struct err *e);

/* The options that all commands share. */
extern const struct cli_option subcommand_common[];
extern const size_t subcommand_common_count;

extern const struct subcommand cmd_bundle;
extern const struct subcommand cmd_completion;
extern const struct subcommand cmd_extract;
extern const struct subcommand cmd_inspect;
extern const struct subcommand cmd_set;
extern const struct subcommand cmd_sign;
extern const struct subcommand cmd_verify;
