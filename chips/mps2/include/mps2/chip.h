/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The chip of an Arm MPS2 board with the AN385 or AN386 image, as QEMU has it:
 * console port, alarm, and the interrupts of both.
 *
 * Numbers: Arm MPS2 Application Notes 385 and 386 (ARM DAI 0385, 0386),
 * "Memory map" and "Interrupts"; each was tried on QEMU 7.2's mps2-an386.
 *
 * Ownership: the board allocates one struct mps2.
 * Context: kernel thread only.
 */

#include "hil/chip.h"
#include "mps2/alarm.h"
#include "mps2/cmsdk_uart.h"

#define MPS2_CLOCK_HZ 25000000u /* processor, SysTick, buses, timers */

struct mps2 {
    struct hil_chip chip;
    struct cmsdk_uart uart0;
    struct mps2_alarm alarm;
};

/* Starts the peripherals and enables their interrupts. */
void mps2_init(struct mps2 *self);
