/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A change of the app region, from what is wished to flash. Every command
 * that changes apps makes these calls and no others:
 *
 *     session_open_region(session, SESSION_CHANGE, e)
 *                      opens the link, reads the region into
 *                      session->region; what an earlier command left half
 *                      done is completed first
 *     request_begin, request_put, request_remove, request_flags, ...
 *                      what shall become of the apps (request.h)
 *     change_plan      where everything goes, and the operations; errors are
 *                      told now, nothing has been written
 *     change_apply     carries it out; with --dry-run nothing
 *     report_*         says what was done, or what would be (report.h)
 *     change_free, request_free
 *
 * change_plan chooses rule and order: an atomic link gets a compact list,
 * rewritten page by page; every other link, and the file link with
 * --protocol s, gets LAYOUT_APPEND and PLAN_APPEND. A command that saves the
 * region on the host, by change_apply_saved, sets request.is_saved: then the
 * list is rewritten in place on any link. It asks the user before.
 */

#include "request.h"
#include "session.h"

struct change {
    struct layout_request request; /* the layout points to it: no copies */
    struct layout layout;
    struct plan plan;
};

/* On failure there is nothing to free. */
MUST_USE int change_plan(struct session *session, const struct request *request,
                         struct change *out, struct err *e);
MUST_USE int change_apply(struct session *session, const struct change *change,
                          struct err *e);

/*
 * The same for a plan with request.is_saved: on a link that is not atomic a
 * copy of the region stands on the host meanwhile (saved.h).
 */
MUST_USE int change_apply_saved(struct session *session,
                                const struct change *change, struct err *e);
void change_free(struct change *change);
