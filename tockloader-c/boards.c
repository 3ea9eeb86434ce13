/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "boards.h"

#include <string.h>

const struct board *board_find(const char *name)
{
    for (unsigned i = 0; i < boards_known_count; i++)
        if (strcmp(boards_known[i].name, name) == 0)
            return &boards_known[i];
    return NULL;
}
