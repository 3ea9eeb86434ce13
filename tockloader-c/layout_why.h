/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Telling a user why an app finds no place: what was wanted, what is there. */

#include "layout.h"

/* Sets *e for this wish; layout holds what stands in its way. Returns -1. */
int layout_why_not(const struct layout *layout, const struct layout_wish *wish,
                   struct err *e);
