/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What a command did, in a line for each app: on stderr when it was done, on
 * stdout as the plan that --dry-run asked for. With --json the same goes to
 * the document instead: "apps", "file" and "plan" (docs/json).
 */

#include "change.h"
#include "session.h"

/* An app that was put on the board, or found there already. */
void report_put(struct session *session, const struct plan *plan,
                const struct layout_item *item);

void report_removed(struct session *session,
                    const struct region_object *object);

/* An app that stayed although others went; why in one word. */
void report_kept(struct session *session, const struct region_object *object,
                 const char *why);

/* An app whose flags changed, to those that it has at item; null if they were
 * right before. */
void report_flags(struct session *session, const struct region_object *object,
                  const struct layout_item *item);

/* A run of bytes that is no app; what names it. */
void report_bytes(struct session *session, const struct plan *plan,
                  const char *what, uint32_t address, uint32_t size);

/* The whole list of apps, put back from a file. */
void report_restored(struct session *session, const struct plan *plan,
                     const char *path, uint32_t apps, uint32_t size);

/* Flash that retired apps had taken; 0 if there were none. */
void report_tidied(struct session *session, uint32_t bytes);

/* What was interrupted and is not any more; null path: nothing was put back
 * from a file. */
void report_recovered(struct session *session, const struct plan *plan,
                      const char *path);

/*
 * Last, what it comes to: with --dry-run and --json always, else with
 * --verbose. Of a change of the list also the apps that moved by it, and the
 * flash that is lost between apps afterwards.
 */
void report_plan(struct session *session, const struct plan *plan);
void report_change(struct session *session, const struct change *change);
