/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A pin without hardware. What is outside of it can drive it, and two of them
 * can be joined, as by a wire.
 *
 * The level is, the first that there is: that of the pin as an output; of the
 * other end of the wire as one; what drives it, or the other end, from outside;
 * a pull-up of either; else low. Nobody minds two outputs that are joined.
 *
 * Ownership: pins live for ever. Context: kernel thread only.
 */

#include "hil/deferred.h"
#include "hil/gpio.h"

struct simulated_pin;

enum simulated_pin_mode {
    SIMULATED_PIN_OFF,
    SIMULATED_PIN_INPUT,
    SIMULATED_PIN_OUTPUT,
};

struct simulated_pin {
    struct hil_gpio gpio;
    /* Called when the pin becomes an output, or is one and its level changes;
     * may be null. */
    void (*on_output)(struct simulated_pin *self);
    struct deferred edge; /* calls the client */
    struct simulated_pin *joined;
    enum simulated_pin_mode mode;
    enum hil_gpio_pull pull; /* of an input               */
    bool is_set;             /* level as an output        */
    bool is_driven;          /* from outside              */
    bool is_driven_high;     /* if is_driven              */
    bool was_high;           /* level when last looked at */
    bool is_watched;
    enum hil_gpio_edge watched;
    bool has_edge; /* to be told, with this level after it */
    bool edge_is_high;
};

/* An open pin; returns &self->gpio. */
struct hil_gpio *simulated_pin_init(struct simulated_pin *self,
                                    void (*on_output)(struct simulated_pin *));

/* A wire from one to the other; each has at most one. */
void simulated_pin_join(struct simulated_pin *one, struct simulated_pin *other);

/* From outside, from now on. */
void simulated_pin_drive(struct simulated_pin *self, bool is_high);
