/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What a command did, in a line for each app: on stderr when it was done, on
 * stdout as the plan that --dry-run asked for. With --json the same goes to
 * the document instead: "apps", "file" and "plan" (docs/json).
 */

#include "session.h"

/* An app that was put on the board, or found there already. */
void report_put(struct session *session, const struct plan *plan,
                const struct layout_item *item);

void report_removed(struct session *session,
                    const struct region_object *object);

/* A run of bytes that is no app; what names it. */
void report_bytes(struct session *session, const struct plan *plan,
                  const char *what, uint32_t address, uint32_t size);

/* The pages, last: with --dry-run and --json always, else with --verbose. */
void report_plan(struct session *session, const struct plan *plan);
