/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Something that can be measured: one quantity, of one value or the three of a
 * vector. What the unit is stands where the quantity does (extra/sensor.h).
 *
 * One measurement at a time. A start that answers TOCK_OK ends with exactly one
 * callback, deferred; the next may begin within it.
 *
 * Context: kernel thread only.
 */

#include "abi/abi.h"

#include <stdint.h>

struct hil_sensor;
struct hil_sensor_client;

struct hil_sample {
    int32_t x; /* the value, if there is but one */
    int32_t y;
    int32_t z;
};

struct hil_sensor_client_ops {
    /* The sample means something only if status is TOCK_OK; TOCK_FAIL: the
     * hardware failed. */
    void (*measured)(struct hil_sensor_client *self, enum tock_error status,
                     struct hil_sample sample);
    /* A measurement would give another value now. Null: the client does not
     * want to know. Only for sensors that notice by themselves. */
    void (*changed)(struct hil_sensor_client *self);
};

/* First member of every client. */
struct hil_sensor_client {
    const struct hil_sensor_client_ops *ops;
};

struct hil_sensor_ops {
    /* What the argument means is the quantity's business. TOCK_BUSY: one is
     * under way. Any error: nothing has begun. */
    enum tock_error (*start)(struct hil_sensor *self, uint32_t argument);
};

/* First member of every sensor. */
struct hil_sensor {
    const struct hil_sensor_ops *ops;
    struct hil_sensor_client *client; /* set once, at board set-up */
};
