/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * LEDs, on and off. Driver number 0x2.
 *
 *   command 0            is it there            Success u32: how many LEDs
 *   command 1 (index)    on                     Success, INVAL
 *   command 2 (index)    off                    Success, INVAL
 *   command 3 (index)    toggle                 Success, INVAL
 *   command 4 (index)    is it lit              Success u32: 0 or 1, INVAL
 *
 * INVAL: there are not so many LEDs. No upcalls, no buffers, no grant. The
 * LEDs are everybody's: the last command counts.
 *
 * Ownership: the board's table of LEDs lives as long as the capsule.
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "hil/led.h"

#define LED_MAX 16u

struct led {
    struct driver driver;
    struct hil_led *leds[LED_MAX];
    uint32_t count;
};

/* Without an LED at first. */
void led_init(struct led *self);

/* Adds an LED with the next index and turns it off; more than LED_MAX are
 * left out. */
void led_add(struct led *self, struct hil_led *led);
