/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * QEMU's RISC-V "virt" machine as a microcontroller: serial port, timer and
 * interrupt controller of its first socket.
 *
 * The board defines one struct qemu_rv32_virt, sets the clients of uart.uart
 * and timer.alarm, and hands chip, uart, alarm and slice on as HIL objects.
 */

#include "hil/chip.h"
#include "qemu_rv32_virt/clint.h"
#include "qemu_rv32_virt/plic.h"
#include "qemu_rv32_virt/uart16550.h"

struct qemu_rv32_virt {
    struct hil_chip chip;
    struct uart16550 uart;
    struct clint timer;
    volatile struct plic_regs *plic;
};

/* Once, after rv32i_init; enables the chip's interrupts. */
void qemu_rv32_virt_init(struct qemu_rv32_virt *self);
