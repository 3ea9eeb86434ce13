/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* The loop's side of hil/deferred.h. */

#include "hil/deferred.h"

#include <stdbool.h>

bool deferred_waits(void);

/* Runs the one that was set first; one waits. It may set itself again. */
void deferred_run_one(void);
