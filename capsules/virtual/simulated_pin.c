/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "simulated_pin.h"

#include "capsule/self.h"

#include <stddef.h>

static struct simulated_pin *of_gpio(struct hil_gpio *gpio)
{
    return CAPSULE_SELF(struct simulated_pin, gpio, gpio);
}

static bool is_output(const struct simulated_pin *pin)
{
    return pin->mode == SIMULATED_PIN_OUTPUT;
}

static bool pulls_up(const struct simulated_pin *pin)
{
    return pin->mode == SIMULATED_PIN_INPUT && pin->pull == HIL_GPIO_PULL_UP;
}

static bool level(const struct simulated_pin *self)
{
    /* A pin without a wire is joined to itself. */
    const struct simulated_pin *other = self->joined;

    if (is_output(self))
        return self->is_set;
    if (is_output(other))
        return other->is_set;
    if (self->is_driven)
        return self->is_driven_high;
    if (other->is_driven)
        return other->is_driven_high;
    return pulls_up(self) || pulls_up(other);
}

static bool is_watched(const struct simulated_pin *self, bool is_high)
{
    return self->is_watched &&
           (self->watched == HIL_GPIO_EDGE_EITHER ||
            (self->watched == HIL_GPIO_EDGE_RISING) == is_high);
}

static void look_for_edge(struct simulated_pin *self)
{
    bool is_high = level(self);

    if (is_high == self->was_high)
        return;
    self->was_high = is_high;
    if (!is_watched(self, is_high))
        return;
    self->has_edge = true;
    self->edge_is_high = is_high;
    deferred_set(&self->edge);
}

/* Something has happened to this pin. */
static void look(struct simulated_pin *self)
{
    look_for_edge(self);
    look_for_edge(self->joined);
}

static void tell_edge(struct deferred *edge)
{
    struct simulated_pin *self = CAPSULE_SELF(struct simulated_pin, edge, edge);
    struct hil_gpio_client *client = self->gpio.client;

    if (!self->has_edge) /* nobody watches any more */
        return;
    self->has_edge = false;
    if (client != NULL)
        client->ops->changed(client, self->edge_is_high);
}

static void tell_output(struct simulated_pin *self)
{
    if (self->on_output != NULL)
        self->on_output(self);
    look(self);
}

static enum tock_error make_output(struct hil_gpio *gpio)
{
    struct simulated_pin *self = of_gpio(gpio);

    if (is_output(self))
        return TOCK_OK;
    self->mode = SIMULATED_PIN_OUTPUT;
    tell_output(self);
    return TOCK_OK;
}

static enum tock_error make_input(struct hil_gpio *gpio,
                                  enum hil_gpio_pull pull)
{
    struct simulated_pin *self = of_gpio(gpio);

    self->mode = SIMULATED_PIN_INPUT;
    self->pull = pull;
    look(self);
    return TOCK_OK;
}

static void disable(struct hil_gpio *gpio)
{
    struct simulated_pin *self = of_gpio(gpio);

    self->mode = SIMULATED_PIN_OFF;
    look(self);
}

static void set(struct hil_gpio *gpio, bool is_high)
{
    struct simulated_pin *self = of_gpio(gpio);
    bool is_new = self->is_set != is_high;

    self->is_set = is_high;
    if (is_output(self) && is_new)
        tell_output(self);
}

static bool get(struct hil_gpio *gpio)
{
    return level(of_gpio(gpio));
}

static enum tock_error watch(struct hil_gpio *gpio, enum hil_gpio_edge edge)
{
    struct simulated_pin *self = of_gpio(gpio);

    self->is_watched = true;
    self->watched = edge;
    return TOCK_OK;
}

static void unwatch(struct hil_gpio *gpio)
{
    struct simulated_pin *self = of_gpio(gpio);

    self->is_watched = false;
    self->has_edge = false;
}

struct hil_gpio *simulated_pin_init(struct simulated_pin *self,
                                    void (*on_output)(struct simulated_pin *))
{
    static const struct hil_gpio_ops ops = {
        .make_output = make_output,
        .make_input = make_input,
        .disable = disable,
        .set = set,
        .get = get,
        .watch = watch,
        .unwatch = unwatch,
    };

    *self = (struct simulated_pin){
        .gpio = {.ops = &ops},
        .on_output = on_output,
        .edge = {.run = tell_edge},
        .joined = self,
    };
    return &self->gpio;
}

void simulated_pin_join(struct simulated_pin *one, struct simulated_pin *other)
{
    one->joined = other;
    other->joined = one;
    look(one);
}

void simulated_pin_drive(struct simulated_pin *self, bool is_high)
{
    self->is_driven = true;
    self->is_driven_high = is_high;
    look(self);
}
