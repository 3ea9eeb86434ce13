/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* The loop's side of hil/deferred.h. */

#include "hil/deferred.h"
#include "state.h"

#include <stdbool.h>

static inline bool deferred_waits(void)
{
    return kernel.deferred_first != NULL;
}

/* Runs the one that was set first; one waits. It may set itself again. */
void deferred_run_one(void);

static inline bool background_waits(void)
{
    return kernel.background_first != NULL;
}

/* Likewise. */
void background_run_one(void);
