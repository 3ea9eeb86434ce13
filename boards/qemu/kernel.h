/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The kernel of QEMU's boards, without what is different on each: capsules,
 * driver table and process slots. A board's main.c brings up its chip, then
 * hands over what is on it.
 *
 * Ownership: all that qemu_hardware points to lives for ever.
 */

#include "arch/arch.h"
#include "hil/alarm.h"
#include "hil/chip.h"
#include "hil/entropy.h"
#include "hil/led.h"
#include "hil/reset.h"
#include "hil/slice_timer.h"
#include "hil/uart.h"

#include <stdint.h>

struct qemu_hardware {
    struct hil_chip *chip;
    struct hil_slice_timer *slice_timer;
    struct hil_alarm *alarm;     /* of the apps, and a source of entropy */
    struct hil_entropy *entropy; /* a better one; null: none             */
    struct hil_uart *console;
    const struct hil_reset *reset; /* null: none */
    struct hil_uart *panel;        /* null: on the console (virtual/panel.h) */

    struct hil_led *const *leds;
    uint32_t led_count;

    /* kernel_config tells what these are. */
    arch_put panic_put;
    void *panic_sink;
};

/* Boots the kernel and runs it. */
_Noreturn void qemu_kernel_run(const struct qemu_hardware *hardware);
