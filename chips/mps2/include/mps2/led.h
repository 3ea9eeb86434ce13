/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * One of the user LEDs that the FPGA drives: bits 0 and 1 of its LED register.
 *
 * Context: kernel thread only.
 */

#include "hil/led.h"

#include <stdint.h>

#define MPS2_LED_COUNT 2u

struct fpgaio_regs;

struct mps2_led {
    struct hil_led led;
    struct fpgaio_regs *fpgaio;
    uint32_t mask;
};

void mps2_led_init(struct mps2_led *self, struct fpgaio_regs *fpgaio,
                   uint32_t bit);
