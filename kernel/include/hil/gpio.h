/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * One pin: output, input, and a word when its level changes.
 *
 * At first, and after disable, a pin is neither input nor output. Reading works
 * in each of these states and tells the level as it is, for an output too.
 *
 * A pin has one client, which its user sets at board set-up. It is called for
 * the edges that it watches, also those of an output; the callback is never
 * inside a call of the client's. Edges that follow each other faster than that
 * may be told as one, of the last level.
 *
 * Context: kernel thread only.
 */

#include "abi/abi.h"

#include <stdbool.h>

struct hil_gpio;
struct hil_gpio_client;

enum hil_gpio_pull {
    HIL_GPIO_PULL_NONE,
    HIL_GPIO_PULL_UP,
    HIL_GPIO_PULL_DOWN,
};

enum hil_gpio_edge {
    HIL_GPIO_EDGE_EITHER,
    HIL_GPIO_EDGE_RISING,
    HIL_GPIO_EDGE_FALLING,
};

struct hil_gpio_client_ops {
    void (*changed)(struct hil_gpio_client *self, bool is_high);
};

/* First member of every client. */
struct hil_gpio_client {
    const struct hil_gpio_client_ops *ops;
};

struct hil_gpio_ops {
    /* TOCK_NOSUPPORT: the hardware cannot. Of an output that is new the level
     * is the one last set, at first low. */
    enum tock_error (*make_output)(struct hil_gpio *self);
    enum tock_error (*make_input)(struct hil_gpio *self,
                                  enum hil_gpio_pull pull);
    void (*disable)(struct hil_gpio *self);
    /* Of a pin that is no output: once it is one. */
    void (*set)(struct hil_gpio *self, bool is_high);
    bool (*get)(struct hil_gpio *self);
    /* From now on, instead of what was watched before. TOCK_RESERVE: the
     * hardware cannot watch any more pins. */
    enum tock_error (*watch)(struct hil_gpio *self, enum hil_gpio_edge edge);
    /* An edge that was not told yet is told no more. */
    void (*unwatch)(struct hil_gpio *self);
};

/* First member of every pin. */
struct hil_gpio {
    const struct hil_gpio_ops *ops;
    struct hil_gpio_client *client; /* null: edges are told nobody */
};
