/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

static int run(struct session *session, struct err *e)
{
    if (session->operands.count != 0)
        return err_set(e, ERR_USAGE, "boards takes no operand, found '%s'",
                       session->operands.words[0]);
    for (unsigned i = 0; i < boards_known_count; i++) {
        const struct board *board = &boards_known[i];

        if (session->options.quiet)
            printf("%s\n", board->name);
        else
            printf("%-20s %s\n", board->name, board->description);
    }
    return 0;
}

const struct command cmd_boards = {
    .name = "boards",
    .alias = "list-known-boards",
    .summary = "the boards that this tool knows",
    .operands = "",
    .details = "Prints a line for each board: the name for --board, and what "
               "it is.\n",
    .examples = "tockloader-c boards\n",
    .statuses = "",
    .run = run,
};
