/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * LEDs, on and off. Driver number 0x2 (TOCK_DRIVER_LED).
 *
 *   command 0                how many LEDs             Success u32
 *   command 1 (index)        on                        Success, INVAL
 *   command 2 (index)        off                       Success, INVAL
 *   command 3 (index)        toggle                    Success, INVAL
 *   command 4 (index)        is it lit                 Success u32: 1 or 0;
 *                                                      INVAL
 *
 * Answers:
 *   INVAL       there are not so many LEDs
 *
 * No upcalls, no buffers, and no memory of the app.
 *
 * Requests: done when the command answers. The LEDs are everybody's: the last
 * command counts.
 *
 * Process ends: LEDs stay as it left them.
 * At start: all are off.
 *
 * Ownership: the board's LEDs live as long as the capsule. Context: kernel
 * thread only.
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
