/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The chip of an Arm MPS2 board, as QEMU has it: console port, alarm, LEDs, and
 * the interrupts, at the places that mps2_map tells.
 *
 * Ownership: the board allocates one struct mps2.
 * Context: kernel thread only.
 */

#include "hil/chip.h"
#include "mps2/alarm.h"
#include "mps2/cmsdk_uart.h"
#include "mps2/led.h"
#include "mps2/map.h"

struct mps2 {
    struct hil_chip chip;
    struct cmsdk_uart uart0;
    struct mps2_alarm alarm;
    struct mps2_led leds[MPS2_LED_COUNT];
};

/* Starts the peripherals and enables their interrupts. */
void mps2_init(struct mps2 *self);
