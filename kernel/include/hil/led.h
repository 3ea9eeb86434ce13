/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * One LED; its polarity is the implementation's business.
 *
 * Synchronous: get tells what set asked for last. Whether it is lit before the
 * first set is not said. Context: kernel thread only.
 */

#include <stdbool.h>

struct hil_led;

struct hil_led_ops {
    void (*set)(struct hil_led *self, bool is_lit);
    bool (*get)(struct hil_led *self);
};

/* First member of every implementation. */
struct hil_led {
    const struct hil_led_ops *ops;
};
