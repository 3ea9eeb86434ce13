/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

/* main runs the command behind the word; without a known one it comes here. */
static int run(struct session *session, struct err *e)
{
    if (session->operands.count != 0)
        err_set(e, ERR_USAGE, "'%s' is no command that could be planned",
                session->operands.words[0]);
    else
        err_set(e, ERR_USAGE, "no command named that could be planned");
    return err_hint(e, "tockloader-c plan install APP.tab");
}

const struct command cmd_plan = {
    .name = "plan",
    .summary = "what a command would write",
    .operands = "COMMAND...",
    .details =
        "Runs COMMAND with --dry-run: prints what would be put where, which "
        "pages would\nbe erased and programmed, the flash that is lost to "
        "padding and the time that\nthe flash takes. Nothing is written.\n",
    .examples = "tockloader-c plan install --board qemu_rv32_virt "
                "--flash-file b.img hello.tab\n",
    .statuses = "COMMAND's",
    .run = run,
};
