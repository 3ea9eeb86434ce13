/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Buttons, each on a pin. Driver number 0x3 (TOCK_DRIVER_BUTTON).
 *
 *   command 0                how many buttons          Success u32
 *   command 1 (index)        tell me its changes       Success, INVAL, RESERVE,
 *                                                      NOMEM
 *   command 2 (index)        no more                   Success, INVAL
 *   command 3 (index)        is it pressed             Success u32: 1 or 0;
 *                                                      INVAL
 *   upcall 0                 (index, pressed, 0)       it was pressed (1) or
 *                                                      released (0)
 *
 * Answers:
 *   INVAL       there are not so many buttons
 *   RESERVE     the hardware can watch no more pins; what was asked for before
 *               stays
 *   NOMEM       no memory for the driver's state of the process (its grant)
 *
 * Requests: everybody who asked for a button's changes gets each of them;
 * asking twice is asking once. Command 2 ends what the caller asked for;
 * upcalls that wait still come.
 *
 * Process ends: it has asked for nothing.
 * At start: nobody has.
 *
 * A pin is watched while there is somebody who asked. Ownership: the board's
 * pins live as long as the capsule. Context: kernel thread only.
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
