/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A copy of the app region on the host while a command rewrites it in place:
 * what a cut in the middle destroyed can be put back from it.
 *
 * It is a backup file (backup.h) in $XDG_STATE_HOME/tockloader-c, else in
 * ~/.local/state/tockloader-c, named after the board and what the link leads
 * to. While it is there, a rewrite of that board has not ended.
 */

#include "plan.h"
#include "session.h"

/* The file's path, to be freed; null with *e set if there is no place. */
char *saved_path(const struct session *session, struct err *e);

bool saved_exists(const char *path);

/* Saves session->region, so that a power cut on the host does no harm. */
MUST_USE int saved_write(const struct session *session, const char *path,
                         struct err *e);

MUST_USE int saved_remove(const char *path, struct err *e);

/*
 * Puts the copy back on the board and removes it; with --dry-run neither.
 * *out is the plan for it, to be freed. The model in session->region is not
 * of these bytes any more.
 */
MUST_USE int saved_put_back(struct session *session, const char *path,
                            struct plan *out, struct err *e);

/* ERR_STATE if there is a copy: then the list on the board is not whole, and
 * nothing else may be done to it. */
MUST_USE int saved_check(const struct session *session, struct err *e);
