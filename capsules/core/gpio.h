/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Pins. Driver number 0x4 (TOCK_DRIVER_GPIO).
 *
 *   command 0                is it there               Success
 *   command 1 (pin)          make it an output         Success, INVAL,
 *                                                      NODEVICE, NOSUPPORT
 *   command 2 (pin)          high                      Success, INVAL, NODEVICE
 *   command 3 (pin)          low                       Success, INVAL, NODEVICE
 *   command 4 (pin)          the other level           Success, INVAL, NODEVICE
 *   command 5 (pin, pull)    make it an input          Success, INVAL,
 *                                                      NODEVICE, NOSUPPORT
 *   command 6 (pin)          its level                 Success u32: 1 high, 0
 *                                                      low; INVAL, NODEVICE
 *   command 7 (pin, edge)    tell me of edges          Success, INVAL,
 *                                                      NODEVICE, NOSUPPORT,
 *                                                      NOMEM, RESERVE
 *   command 8 (pin)          no more, and disable the  Success, INVAL, NODEVICE
 *                            pin
 *   command 9 (pin)          disable the pin           Success, INVAL, NODEVICE
 *   command 10               how many pins             Success u32
 *   upcall 0                 (pin, level, 0)           an edge, and the level
 *                                                      after it
 *
 *   pull        0 none, 1 up, 2 down
 *   edge        0 each, 1 rising, 2 falling
 *
 * Answers:
 *   INVAL       there are not so many pins
 *   NODEVICE    the board keeps that one for itself
 *   NOSUPPORT   there is no such pull or edge, or the hardware does not have it
 *   RESERVE     the hardware can watch no more pins
 *   NOMEM       no memory for the driver's state of the process (its grant)
 *
 * What command 2 to 4 set of a pin that is no output is its level once it is
 * one. Command 6 tells the level of whatever pin, an output's too.
 *
 * Requests: pins are everybody's: the last command counts, for what a pin is,
 * its level, and which edges are told. All processes that have ever asked for
 * edges, of whatever pin, or have subscribed to the upcall, are told of all.
 * Edges that follow each other very fast may be told as one.
 *
 * Process ends: it is told nothing more; pins stay as it left them, but those
 * of which no other process that lives has asked for edges are watched no more.
 * At start: all pins are disabled, neither input nor output, and outputs begin
 * low.
 *
 * Ownership: the board's pins live as long as the capsule. Context: kernel
 * thread only.
 */

#include "capsule/driver.h"
#include "hil/gpio.h"

#define GPIO_MAX 32u

struct gpio;

struct gpio_pin {
    struct hil_gpio_client client;
    struct gpio *owner;
    struct hil_gpio *pin; /* null: not for apps */
    uint32_t index;
};

struct gpio {
    struct driver driver;
    struct gpio_pin pins[GPIO_MAX];
    uint32_t count;
};

/* Without a pin at first. */
void gpio_init(struct gpio *self);

/* Adds a pin with the next index, or with null a hole of that index; more than
 * GPIO_MAX are left out. */
void gpio_add(struct gpio *self, struct hil_gpio *pin);
