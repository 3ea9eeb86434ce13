/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "led.h"

#include "capsule/self.h"

enum {
    CMD_COUNT = 0,
    CMD_ON = 1,
    CMD_OFF = 2,
    CMD_TOGGLE = 3,
    CMD_READ = 4,
};

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t index, uint32_t unused)
{
    struct led *self = CAPSULE_SELF(struct led, driver, driver);

    (void)caller;
    (void)unused;
    if (number == CMD_COUNT)
        return command_success_u32(self->count);
    if (number > CMD_READ)
        return command_failure(TOCK_NOSUPPORT);
    if (index >= self->count)
        return command_failure(TOCK_INVAL);

    struct hil_led *led = self->leds[index];
    bool is_lit = led->ops->get(led);

    if (number == CMD_READ)
        return command_success_u32(is_lit);
    led->ops->set(led, number == CMD_TOGGLE ? !is_lit : number == CMD_ON);
    return command_success();
}

void led_init(struct led *self)
{
    static const struct driver_ops ops = {.command = command};

    *self = (struct led){.driver = {.ops = &ops}};
}

void led_add(struct led *self, struct hil_led *led)
{
    if (self->count == LED_MAX)
        return;
    led->ops->set(led, false);
    self->leds[self->count++] = led;
}
