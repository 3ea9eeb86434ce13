/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Interrupts of virtio devices on a machine of two sockets.
 *
 * The flash is a file of its own, which QEMU grants only to a NUMA node; each
 * node is a socket with a hart, a PLIC and a CLINT, and of two sockets the
 * second gets the interrupts of virtio devices. Hart 0, where the kernel runs,
 * cannot see them. So hart 1 waits for them and passes them on as a software
 * interrupt; hart 0 serves the second PLIC and lets hart 1 wait again.
 *
 * On a machine of one socket everything is at the first PLIC.
 */

#include <stdbool.h>
#include <stdint.h>

/* Is there something at this address? Interrupts are off. */
bool relay_probe(const volatile uint32_t *word);
