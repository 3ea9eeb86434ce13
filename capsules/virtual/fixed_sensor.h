/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A sensor that always measures the same, until it is told something else.
 * For boards whose machine has none.
 *
 * Context: kernel thread only; the callback is deferred.
 */

#include "hil/deferred.h"
#include "hil/sensor.h"

#include <stdbool.h>

struct fixed_sensor {
    struct hil_sensor sensor;
    struct deferred done;
    struct hil_sample sample; /* private */
    bool is_measuring;
};

/* Returns &self->sensor. */
struct hil_sensor *fixed_sensor_init(struct fixed_sensor *self,
                                     struct hil_sample sample);

/* What the measurements give that end from now on; the client is told. */
void fixed_sensor_set(struct fixed_sensor *self, struct hil_sample sample);
