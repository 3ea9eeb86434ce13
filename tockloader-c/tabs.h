/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The TABs that a command works on: those it was given, or those that a search
 * below the working folder finds.
 */

#include "host/cli.h"
#include "host/notes.h"

/*
 * Fills *out with the words from first on. If there are none, with what is
 * found: a single TAB, or all when they lie in the working folder itself; a
 * note tells their names. ERR_USAGE, naming them, if there are several
 * elsewhere; ERR_INPUT if there is none.
 */
MUST_USE int tabs_choose(const struct cli_list *words, size_t first,
                         struct cli_list *out, struct notes *notes,
                         struct err *e);

/* Also frees the paths that were found. */
void tabs_free(struct cli_list *tabs);
