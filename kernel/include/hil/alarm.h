/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A free-running 32-bit counter with one comparison.
 *
 * Ticks wrap at 2^32 whatever the hardware's width. An alarm is set relative
 * to a reference, so that one already due fires at once: it is due unless now
 * is in [reference, reference + dt), wrapping. Each set ends with one callback,
 * deferred, unless it is replaced or disarmed before: then none comes, even if
 * it was due already. A client may set it again within its callback.
 *
 * Context: kernel thread only.
 */

#include <stdbool.h>
#include <stdint.h>

struct hil_alarm;
struct hil_alarm_client;

struct hil_alarm_client_ops {
    void (*fired)(struct hil_alarm_client *self);
};

/* First member of every client. */
struct hil_alarm_client {
    const struct hil_alarm_client_ops *ops;
};

struct hil_alarm_ops {
    uint32_t (*now)(struct hil_alarm *self);
    /* Arms; replaces what was armed. Never fires early. */
    void (*set)(struct hil_alarm *self, uint32_t reference, uint32_t dt);
    void (*disarm)(struct hil_alarm *self);
};

/* First member of every alarm. */
struct hil_alarm {
    const struct hil_alarm_ops *ops;
    struct hil_alarm_client *client; /* set once, at board set-up */
    uint32_t frequency_hz;           /* ticks per second, at least 1000 */
};
