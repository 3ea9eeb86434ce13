/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Command lines from option tables.
 *
 * A table of struct cli_option is the one description of a command's options:
 * it drives the parser and the help text, and tests compare the manual pages
 * with it. A parser may be given several tables (those of one command and
 * those that all commands share), each with the struct it fills.
 *
 * The rules are those of the tools that ours stand in for:
 *   - options and operands in any order; "--" ends the options
 *   - --name value, --name=value, -x value, -xvalue, -x=value; flags with a
 *     letter can be joined: -vq
 *   - names are never abbreviated
 *   - an option with one value is given at most once, also a flag
 *   - a list option takes all words up to the next that starts with "-"
 *     (only the one behind "=" if there is one) and may be repeated
 *   - a word that starts with "-" is a value only behind "="; "-" alone is an
 *     ordinary word
 *
 * Ownership: values point into argv; lists are allocated and freed by
 * cli_list_free. Context: one thread.
 */

#include "host/err.h"

#include <stddef.h>
#include <stdint.h>

struct cli_u32 {
    bool given;
    uint32_t value;
};

struct cli_list {
    const char **words;
    size_t count;
};

struct cli_some {
    bool given;
    struct cli_list list;
};

enum cli_kind {
    CLI_FLAG,    /* bool                                                  */
    CLI_COUNT,   /* unsigned: a flag that may be repeated                 */
    CLI_STOP,    /* bool: like a flag, and nothing behind it is looked at */
    CLI_STRING,  /* const char *, null if not given                       */
    CLI_DECIMAL, /* struct cli_u32, digits only                           */
    CLI_NUMBER,  /* struct cli_u32, decimal or 0x...                      */
    CLI_LIST,    /* struct cli_list, one or more words                    */
    CLI_EACH,    /* struct cli_list, one word each time it is given       */
    CLI_SOME,    /* struct cli_some, any number of words, also none       */
};

struct cli_option {
    const char *name; /* without "--"; null if there is only the letter   */
    char letter;      /* 0 = none                                         */
    enum cli_kind kind;
    size_t offset;       /* of the field in the struct that is filled     */
    const char *metavar; /* what the help calls the value; null for flags */
    const char *help;    /* "" = not in the help; null = described        */
                         /* together with the next option                 */
    uint32_t max;        /* of a number; 0 = any 32-bit value             */
};

struct cli_table {
    const struct cli_option *options;
    size_t count;
    void *into; /* zero-initialised by the caller */
};

struct cli {
    const char *command; /* as typed to get help: "tockloader-c install" */
    const struct cli_table *tables;
    size_t table_count;
};

/*
 * Parses words[0..count): the command line without the command itself.
 * Words that belong to no option are added to *operands, in order. Errors are
 * ERR_USAGE, with the nearest name as a hint where there is one.
 */
MUST_USE int cli_parse(const struct cli *cli, char *const *words, size_t count,
                       struct cli_list *operands, struct err *e);

void cli_list_add(struct cli_list *list, const char *word);
void cli_list_free(struct cli_list *list);

/* Digits, or 0x and hex digits where hex is allowed; false if not that. */
MUST_USE bool cli_number(const char *text, bool hex, uint32_t *out);

/*
 * The one of names that word is most likely a misspelling of; null if none
 * is near. names ends with a null pointer.
 */
const char *cli_nearest(const char *word, const char *const *names);

/* Prints the lines of one table's options, at most 80 columns wide. */
void cli_print_options(const struct cli_option *options, size_t count,
                       FILE *to);
