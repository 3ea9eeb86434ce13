/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Buttons, each on a pin. Driver number 0x3.
 *
 *   command 0            is it there            Success u32: how many buttons
 *   command 1 (index)    tell me its changes    Success, INVAL, NOMEM, RESERVE
 *   command 2 (index)    no more                Success, INVAL, NOMEM
 *   command 3 (index)    is it pressed          Success u32: 0 or 1, INVAL
 *   upcall 0             (index, pressed, 0)    it was pressed (1), released
 * (0)
 *
 * INVAL: there are not so many buttons. RESERVE: the hardware can watch no more
 * pins. Everybody who asked for a button's changes gets each of them. A pin is
 * watched while there is somebody who asked.
 *
 * Ownership: the board's pins live as long as the capsule.
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "hil/gpio.h"

#define BUTTON_MAX 16u

struct button;

struct button_pin {
    struct hil_gpio_client client;
    struct button *owner;
    struct hil_gpio *pin;
    uint32_t index;
    bool is_high_pressed;
};

struct button {
    struct driver driver;
    struct button_pin pins[BUTTON_MAX];
    uint32_t count;
};

/* Without a button at first. */
void button_init(struct button *self);

/* Adds a button with the next index and makes its pin an input; more than
 * BUTTON_MAX are left out. */
void button_add(struct button *self, struct hil_gpio *pin,
                enum hil_gpio_pull pull, bool is_high_pressed);
