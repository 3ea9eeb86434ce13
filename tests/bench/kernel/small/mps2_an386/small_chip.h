/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* What ../main.c needs of the chip. */

#include "arch/cortexm.h"
#include "mps2/chip.h"

struct small_chip {
    struct mps2 mps2;
    struct systick systick;
};

#define SMALL_CHIP(c)        (&(c).mps2.chip)
#define SMALL_SLICE_TIMER(c) (&(c).systick.timer)
#define SMALL_UART(c)        (&(c).mps2.uart0)
#define SMALL_ALARM(c)       (&(c).mps2.alarm.alarm)
#define SMALL_PANIC_PUT      cmsdk_uart_put

static struct hil_led *small_chip_init(struct small_chip *c)
{
    mps2_init(&c->mps2);
    systick_init(&c->systick, mps2_map.clock_hz);
    return &c->mps2.leds[0].led;
}
