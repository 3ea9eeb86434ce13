/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The commands of the process console: what they do, what they print, and
 * what could be typed.
 *
 * process_commands_run starts one; process_commands_put then makes its output,
 * line by line, whenever the terminal can take one. The processes may go on
 * meanwhile: each line tells what is then.
 *
 * Trust: lines and the names of processes are hostile. Context: kernel thread
 * only.
 */

#include "capsule/manage.h"
#include "extra/line_editor.h"
#include "hil/reset.h"

#include <stdbool.h>

enum process_commands_job {
    PROCESS_COMMANDS_IDLE,
    PROCESS_COMMANDS_HELP,
    PROCESS_COMMANDS_UNKNOWN,
    PROCESS_COMMANDS_SLEEP,    /* console-stop                            */
    PROCESS_COMMANDS_NO_RESET, /* the board cannot                        */
    PROCESS_COMMANDS_ACTED,    /* a line for each process acted on        */
    PROCESS_COMMANDS_LIST,
    PROCESS_COMMANDS_STATUS,
    PROCESS_COMMANDS_PROCESS,
    PROCESS_COMMANDS_KERNEL,
    PROCESS_COMMANDS_CHOICES, /* what the word could become               */
};

struct process_commands {
    const struct capability_manage *capability;
    const struct hil_reset *reset; /* null: the board cannot */
    const char *build;
    bool is_hibernating; /* nothing but console-start is heard */

    enum process_commands_job job;
    const char *said;       /* of ACTED: what has been done           */
    uint32_t matches[8];    /* of ACTED: the slots, a bit for each    */
    struct process_ref who; /* of PROCESS                             */
    bool choices_are_names; /* of CHOICES: of processes, not commands */
    struct line begun;      /* of CHOICES                             */
};

/* reset may be null. */
void process_commands_init(struct process_commands *self,
                           const struct capability_manage *capability,
                           const struct hil_reset *reset, const char *build);

/* Is the line a command that is heard now? */
bool process_commands_has(const struct process_commands *self,
                          struct span line);

/* True if processes are to be acted on: that is done, and its text complete,
 * when the deferred calls that wait now have run. */
bool process_commands_run(struct process_commands *self, struct span line);

/* Line number line of what there is to print. False: it was all. */
bool process_commands_put(struct process_commands *self, uint32_t line,
                          struct print_sink *to);

/* Completes the word at the editor's cursor as far as it goes. If it goes no
 * further the choices are what there is to print. */
void process_commands_complete(struct process_commands *self,
                               struct line_editor *editor);
