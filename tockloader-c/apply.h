/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Carrying out a plan: the only code that writes to a board.
 */

#include "link/link.h"
#include "plan.h"

/*
 * Does every operation in order. ERR_DEVICE and the link's own kinds if one
 * fails, ERR_VERIFY if bytes read back different, ERR_INTERRUPT if the user
 * stopped it between two. Nothing lasts on an atomic link before
 * apply_finish.
 */
MUST_USE int apply_steps(struct link *link, const struct plan *plan,
                         struct err *e);

/* Makes it last. */
MUST_USE int apply_finish(struct link *link, struct err *e);

/* Both. A plan without operations touches nothing. */
MUST_USE int apply(struct link *link, const struct plan *plan, struct err *e);
