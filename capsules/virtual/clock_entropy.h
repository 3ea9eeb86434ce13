/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The clock as a source of entropy, for boards that have no other.
 *
 * What others cannot foresee is only when somebody asks: a few bits where a
 * person or a wire decides that, and none at all in a simulation whose time
 * is computed. A board with this source only has no secrets worth keeping.
 *
 * Context: kernel thread only.
 */

#include "hil/alarm.h"
#include "hil/entropy.h"

struct clock_entropy {
    struct hil_entropy entropy;
    struct hil_alarm *clock;
};

/* Only reads the clock. Returns &self->entropy. */
struct hil_entropy *clock_entropy_init(struct clock_entropy *self,
                                       struct hil_alarm *clock);
