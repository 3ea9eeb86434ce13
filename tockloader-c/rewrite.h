/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Making the app region hold exactly these bytes, without a thought about
 * what they mean: putting back what was saved on the host.
 *
 * Pages that are right already are left alone. On a board the list is not
 * whole until the last page is written; whoever calls this has the bytes in a
 * file, so that doing it again completes it.
 */

#include "plan.h"
#include "session.h"

/* A plan for a region of bytes[0, len), erased behind them. plan_free. */
void rewrite_plan(const struct session *session, const uint8_t *bytes,
                  uint32_t len, struct plan *out);

/*
 * A plan that erases the pages that lie wholly behind the end of the list:
 * what an interrupted command left there, or apps that are gone.
 */
void rewrite_plan_tail(const struct session *session, struct plan *out);
