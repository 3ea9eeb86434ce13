/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * An LED that nobody sees: it only remembers. For boards without one, so that
 * apps that blink can run there.
 *
 * Context: kernel thread only.
 */

#include "hil/led.h"

struct led_memory {
    struct hil_led led;
    bool is_lit;
};

/* Returns &self->led. */
struct hil_led *led_memory_init(struct led_memory *self);
