/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * QEMU's RISC-V "virt" machine as a microcontroller: serial port, timer and
 * interrupt controller of its first socket, and the virtio devices that it was
 * given.
 *
 * The board defines one struct qemu_rv32_virt, sets the clients of uart.uart
 * and timer.alarm, and hands chip, uart, alarm and slice on as HIL objects.
 */

#include "hil/chip.h"
#include "hil/reset.h"
#include "qemu_rv32_virt/clint.h"
#include "qemu_rv32_virt/plic.h"
#include "qemu_rv32_virt/uart16550.h"
#include "virtio/console.h"
#include "virtio/entropy.h"

#define QEMU_RV32_VIRT_VIRTIO 8u /* places for virtio devices */

struct qemu_rv32_virt {
    struct hil_chip chip;
    struct uart16550 uart;
    struct clint timer;
    volatile struct plic_regs *plic;
    volatile struct plic_regs *virtio_plic; /* the same, or another's */
    struct virtio_device *virtio[QEMU_RV32_VIRT_VIRTIO]; /* null: not ours */
    struct virtio_console side_port; /* only if has_side_port */
    bool has_side_port;
    struct virtio_entropy entropy; /* only if has_entropy */
    bool has_entropy;
};

/* Once, after rv32i_init; enables the chip's interrupts. */
void qemu_rv32_virt_init(struct qemu_rv32_virt *self);

/* After it, and before interrupts are let through: finds what virtio devices
 * the machine was given. A board that needs none leaves it out. */
void qemu_rv32_virt_find_devices(struct qemu_rv32_virt *self);

/* Resets the machine. */
extern const struct hil_reset qemu_rv32_virt_reset;
