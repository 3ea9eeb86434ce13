/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "led_memory.h"

#include "capsule/self.h"

static void set(struct hil_led *led, bool is_lit)
{
    CAPSULE_SELF(struct led_memory, led, led)->is_lit = is_lit;
}

static bool get(struct hil_led *led)
{
    return CAPSULE_SELF(struct led_memory, led, led)->is_lit;
}

struct hil_led *led_memory_init(struct led_memory *self)
{
    static const struct hil_led_ops ops = {.set = set, .get = get};

    *self = (struct led_memory){.led = {&ops}};
    return &self->led;
}
