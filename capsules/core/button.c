/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "button.h"

#include "capsule/element.h"
#include "capsule/self.h"
#include "capsule/upcall.h"
#include "virtual/pin_watch.h"

enum { CMD_COUNT = 0, CMD_WATCH = 1, CMD_UNWATCH = 2, CMD_READ = 3 };
enum { UPCALL_CHANGED = 0 };

static bool is_pressed(const struct button_pin *button)
{
    return button->pin->ops->get(button->pin) == button->is_high_pressed;
}

/* Stops watching the pins for which nobody asks any more. */
static void drop_unwatched(struct button *self)
{
    uint32_t wanted = pin_watch_any(&self->driver);

    for (uint32_t i = 0; i < self->count; i++) {
        struct hil_gpio *pin = self->pins[i].pin;

        if ((wanted & 1u << i) == 0)
            pin->ops->unwatch(pin);
    }
}

static enum tock_error watch(struct button *self, struct process *caller,
                             uint32_t index, bool is_on)
{
    if (is_on)
        return pin_watch_begin(&self->driver, caller, self->pins[index].pin,
                               index, HIL_GPIO_EDGE_EITHER);
    pin_watch_end(&self->driver, caller, index);
    drop_unwatched(self);
    return TOCK_OK;
}

static void changed(struct hil_gpio_client *client, bool is_high)
{
    struct button_pin *button = CAPSULE_SELF(struct button_pin, client, client);
    struct button *self = button->owner;
    struct process *process = process_next(NULL);

    for (; process != NULL; process = process_next(process)) {
        if ((pin_watch_wanted(&self->driver, process) & 1u << button->index) !=
            0)
            upcall_schedule(&self->driver, process, UPCALL_CHANGED,
                            button->index, is_high == button->is_high_pressed,
                            0);
    }
}

static void process_gone(struct driver *driver, struct process_ref gone)
{
    (void)gone;
    drop_unwatched(CAPSULE_SELF(struct button, driver, driver));
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t index, uint32_t unused)
{
    struct button *self = CAPSULE_SELF(struct button, driver, driver);

    (void)unused;
    if (number == CMD_COUNT)
        return command_success_u32(self->count);
    if (number > CMD_READ)
        return command_failure(TOCK_NOSUPPORT);
    if (index >= self->count)
        return command_failure(TOCK_INVAL);
    if (number == CMD_READ)
        return command_success_u32(is_pressed(ELEMENT(self->pins, index)));
    return command_status(watch(self, caller, index, number == CMD_WATCH));
}

void button_init(struct button *self)
{
    static const struct driver_ops ops = {
        .command = command,
        .process_gone = process_gone,
    };
    static const struct grant_layout layout = {
        .upcalls = 1, .size = sizeof(struct pin_watch)};

    *self = (struct button){.driver = {.ops = &ops, .grant = &layout}};
}

void button_add(struct button *self, struct hil_gpio *pin,
                enum hil_gpio_pull pull, bool is_high_pressed)
{
    static const struct hil_gpio_client_ops client_ops = {.changed = changed};

    if (self->count == BUTTON_MAX)
        return;
    self->pins[self->count] = (struct button_pin){
        .client = {&client_ops},
        .owner = self,
        .pin = pin,
        .index = self->count,
        .is_high_pressed = is_high_pressed,
    };
    pin->client = &ELEMENT(self->pins, self->count)->client;
    self->count++;
    (void)pin->ops->make_input(pin, pull);
}
