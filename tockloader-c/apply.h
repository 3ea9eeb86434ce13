/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Carrying out a plan: the only code that writes to a board.
 */

#include "link/link.h"
#include "plan.h"

/*
 * Does every operation in order, reads the pages back, and lets the link make
 * it last. ERR_DEVICE and the link's own kinds if an operation fails,
 * ERR_VERIFY if a page reads back different, ERR_INTERRUPT if the user
 * stopped it between two operations. A plan without operations touches
 * nothing.
 */
MUST_USE int apply(struct link *link, const struct plan *plan, struct err *e);
