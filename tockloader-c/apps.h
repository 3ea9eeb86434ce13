/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Apps by the names that a user types.
 */

#include "host/err.h"
#include "region.h"

/*
 * Marks every app of that name in is_chosen, which has an element for each
 * object of the region. ERR_STATE if there is none; the hint lists the names
 * that there are.
 */
MUST_USE int apps_choose(const struct region *region, const char *name,
                         bool *is_chosen, struct err *e);

/* The names of the apps that are marked, of all if is_chosen is null: "blink,
 * hello"; cut where the room ends. */
void apps_list(const struct region *region, const bool *is_chosen, char *out,
               size_t room);
