/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Telling a user why an app finds no place: what was wanted, what is there. */

#include "layout.h"

/* Sets *e for this wish; layout holds what stands in its way. Returns -1. */
int layout_why_not(const struct layout *layout, const struct layout_wish *wish,
                   struct err *e);

/* The same for a list that is only appended to and ends at end. */
int layout_why_not_behind(const struct layout *layout,
                          const struct layout_wish *wish, uint32_t end,
                          struct err *e);

/* There is something behind the list that must not be overwritten. */
int layout_why_tail(const struct region *region, struct err *e);
