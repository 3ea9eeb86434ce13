/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Remarks gathered on the way: things a user should know that are no reason
 * to stop. Collected by whoever meets them, printed by the command in the end
 * on stderr, and not at all with --quiet.
 */

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct notes {
    char **lines;
    size_t count;
};

void notes_add(struct notes *notes, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* One line each, behind "warning: ". */
void notes_print(const struct notes *notes, FILE *to, bool colour);
void notes_free(struct notes *notes);
