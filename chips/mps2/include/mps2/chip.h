/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The chip of an Arm MPS2 board, as QEMU has it: console port, a second port,
 * alarm, LEDs, and the interrupts, at the places that mps2_map tells.
 *
 * Ownership: the board allocates one struct mps2.
 * Context: kernel thread only.
 */

#include "hil/chip.h"
#include "mps2/alarm.h"
#include "mps2/cmsdk_uart.h"
#include "mps2/led.h"
#include "mps2/map.h"

#include <stdbool.h>

struct mps2 {
    struct hil_chip chip;
    struct cmsdk_uart uart0;
    struct cmsdk_uart uart1;
    struct mps2_alarm alarm;
    struct mps2_led leds[MPS2_LED_COUNT];
};

/* Starts the peripherals and enables their interrupts. */
void mps2_init(struct mps2 *self);

/*
 * The machine cannot tell whether anybody listens to a serial port. Who starts
 * it can, by a word in memory that is nobody else's, behind the vectors that
 * the processor starts with; memory without it is 0.
 */
enum mps2_option { MPS2_OPTION_PANEL = 0x4c4e4150 /* "PANL": at uart1 */ };

bool mps2_has_option(enum mps2_option option);
