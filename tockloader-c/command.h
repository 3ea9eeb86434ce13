/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The commands. One source file each, cmd_<name>.c, which defines its struct
 * command with everything that help, parser and manual know of it.
 */

#include "session.h"

/* Where the help lists a command. */
enum command_group {
    COMMAND_APPS,
    COMMAND_FILES, /* needs no board */
    COMMAND_BOARD,
    COMMAND_SETUP,
    COMMAND_GROUPS,
};

struct command {
    const char *name;
    enum command_group group;
    bool changes_board;   /* so that `plan` may stand in front            */
    const char *alias;    /* another name, null if none; not in the help  */
    const char *summary;  /* one line                                     */
    const char *operands; /* as in the usage line: "TAB..."; "" if none   */
    const char *details;  /* what it does, a few lines; ends with newline */
    const char *examples; /* lines to be pasted, each ends with newline   */
    const char *statuses; /* why it may fail: "3 4 7"                     */
    const struct cli_option *options; /* its own */
    size_t option_count;
    size_t own_size; /* of the struct that its options fill */
    int (*run)(struct session *session, struct err *e);
};

/* All of them, as the help lists them. */
extern const struct command *const commands[];
extern const size_t command_count;

/* The options that all commands have. */
extern const struct cli_option common_options[];
extern const size_t common_option_count;

extern const struct command cmd_backup;
extern const struct command cmd_boards;
extern const struct command cmd_completion;
extern const struct command cmd_disable;
extern const struct command cmd_enable;
extern const struct command cmd_erase;
extern const struct command cmd_flash;
extern const struct command cmd_inspect_tab;
extern const struct command cmd_install;
extern const struct command cmd_list;
extern const struct command cmd_map;
extern const struct command cmd_plan;
extern const struct command cmd_recover;
extern const struct command cmd_restore;
extern const struct command cmd_sticky;
extern const struct command cmd_tbf;
extern const struct command cmd_tidy;
extern const struct command cmd_uninstall;
extern const struct command cmd_unsticky;
extern const struct command cmd_update;
extern const struct command cmd_verify;
