/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Short ids of apps, by the board's choice (kernel/kernel.h). */

#include "tbf/tbf.h"

#include <stdint.h>

/* The app's short id; 0 if it has none and so is like no other. */
uint32_t identity_short_id(const struct tbf_header *header);
