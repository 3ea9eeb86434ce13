/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "gpio.h"

#include "capsule/element.h"
#include "capsule/self.h"
#include "capsule/upcall.h"
#include "virtual/pin_watch.h"

enum {
    CMD_EXISTS = 0,
    CMD_OUTPUT = 1,
    CMD_HIGH = 2,
    CMD_LOW = 3,
    CMD_TOGGLE = 4,
    CMD_INPUT = 5,
    CMD_READ = 6,
    CMD_WATCH = 7,
    CMD_UNWATCH = 8,
    CMD_DISABLE = 9,
    CMD_COUNT = 10,
};

enum { UPCALL_EDGE = 0 };

/* To every process with a grant: upcall_schedule knows which. */
static void changed(struct hil_gpio_client *client, bool is_high)
{
    struct gpio_pin *pin = CAPSULE_SELF(struct gpio_pin, client, client);
    struct process *process = process_next(NULL);

    for (; process != NULL; process = process_next(process))
        upcall_schedule(&pin->owner->driver, process, UPCALL_EDGE, pin->index,
                        is_high, 0);
}

static enum tock_error make_input(struct hil_gpio *pin, uint32_t pull)
{
    if (pull > HIL_GPIO_PULL_DOWN)
        return TOCK_NOSUPPORT;
    return pin->ops->make_input(pin, (enum hil_gpio_pull)pull);
}

static enum tock_error watch(struct gpio *self, struct process *caller,
                             uint32_t index, uint32_t edge)
{
    if (edge > HIL_GPIO_EDGE_FALLING)
        return TOCK_NOSUPPORT;
    return pin_watch_begin(&self->driver, caller, self->pins[index].pin, index,
                           (enum hil_gpio_edge)edge);
}

/* For everybody: none of those who wanted it does any more. */
static void unwatch(struct gpio *self, uint32_t index)
{
    struct hil_gpio *pin = self->pins[index].pin;
    struct process *process = process_next(NULL);

    for (; process != NULL; process = process_next(process))
        pin_watch_end(&self->driver, process, index);
    pin->ops->unwatch(pin);
    pin->ops->disable(pin);
}

static struct command_return pin_command(struct gpio *self,
                                         struct process *caller,
                                         uint32_t number, uint32_t index,
                                         uint32_t argument)
{
    struct hil_gpio *pin = self->pins[index].pin;

    switch (number) {
    case CMD_OUTPUT:
        return command_status(pin->ops->make_output(pin));
    case CMD_HIGH:
    case CMD_LOW:
        pin->ops->set(pin, number == CMD_HIGH);
        return command_success();
    case CMD_TOGGLE:
        pin->ops->set(pin, !pin->ops->get(pin));
        return command_success();
    case CMD_INPUT:
        return command_status(make_input(pin, argument));
    case CMD_READ:
        return command_success_u32(pin->ops->get(pin));
    case CMD_WATCH:
        return command_status(watch(self, caller, index, argument));
    case CMD_UNWATCH:
        unwatch(self, index);
        return command_success();
    default:
        pin->ops->disable(pin);
        return command_success();
    }
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t index, uint32_t argument)
{
    struct gpio *self = CAPSULE_SELF(struct gpio, driver, driver);

    if (number == CMD_EXISTS)
        return command_success();
    if (number == CMD_COUNT)
        return command_success_u32(self->count);
    if (number > CMD_COUNT)
        return command_failure(TOCK_NOSUPPORT);
    if (index >= self->count)
        return command_failure(TOCK_INVAL);
    if (self->pins[index].pin == NULL)
        return command_failure(TOCK_NODEVICE);
    return pin_command(self, caller, number, index, argument);
}

/* Stops watching the pins that nobody wants any more. */
static void process_gone(struct driver *driver, struct process_ref gone)
{
    struct gpio *self = CAPSULE_SELF(struct gpio, driver, driver);
    uint32_t wanted = pin_watch_any(driver);

    (void)gone;
    for (uint32_t i = 0; i < self->count; i++) {
        struct hil_gpio *pin = self->pins[i].pin;

        if (pin != NULL && (wanted & 1u << i) == 0)
            pin->ops->unwatch(pin);
    }
}

void gpio_init(struct gpio *self)
{
    static const struct driver_ops ops = {
        .command = command,
        .process_gone = process_gone,
    };
    static const struct grant_layout layout = {
        .upcalls = 1, .size = sizeof(struct pin_watch)};

    *self = (struct gpio){.driver = {.ops = &ops, .grant = &layout}};
}

void gpio_add(struct gpio *self, struct hil_gpio *pin)
{
    static const struct hil_gpio_client_ops client_ops = {.changed = changed};

    if (self->count == GPIO_MAX)
        return;
    self->pins[self->count] = (struct gpio_pin){
        .client = {&client_ops},
        .owner = self,
        .pin = pin,
        .index = self->count,
    };
    if (pin != NULL)
        pin->client = &ELEMENT(self->pins, self->count)->client;
    self->count++;
}
