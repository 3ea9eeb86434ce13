/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

static void add_area(struct json *board, const char *key,
                     const struct board_area *area)
{
    struct json *json = json_add_object(board, key);

    json_add_number(json, "start", area->start);
    json_add_number(json, "size", area->size);
}

static void add_board(struct json *list, const struct board *board)
{
    struct json *json = json_add_object(list, NULL);
    struct json *archs;

    json_add_string(json, "name", board->name);
    json_add_string(json, "description", board->description);
    archs = json_add_array(json, "architectures");
    for (size_t i = 0; board->architectures[i] != NULL; i++)
        json_add_string(archs, NULL, board->architectures[i]);
    json_add_number(json, "page_size", board->page_size);
    add_area(json, "flash", &board->flash);
    add_area(json, "kernel", &board->kernel);
    add_area(json, "apps", &board->apps);
    add_area(json, "app_ram", &board->app_ram);
}

static int run(struct session *session, struct err *e)
{
    struct json *list = NULL;

    if (session->operands.count != 0)
        return err_set(e, ERR_USAGE, "boards takes no operand, found '%s'",
                       session->operands.words[0]);
    if (session->json != NULL)
        list = json_add_array(session->json, "boards");
    for (unsigned i = 0; i < boards_known_count; i++) {
        const struct board *board = &boards_known[i];

        if (list != NULL)
            add_board(list, board);
        else if (session->options.quiet)
            printf("%s\n", board->name);
        else
            printf("%-20s %s\n", board->name, board->description);
    }
    return 0;
}

const struct command cmd_boards = {
    .name = "boards",
    .group = COMMAND_SETUP,
    .alias = "list-known-boards",
    .summary = "the boards that this tool knows",
    .operands = "",
    .details = "Prints a line for each board: the name for --board, and what "
               "it is.\n",
    .examples = "tockloader-c boards\n",
    .statuses = "",
    .run = run,
};
