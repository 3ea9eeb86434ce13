/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "qemu_rv32_virt/chip.h"

#include "arch/rv32i.h"

/* QEMU's "sifive_test" device: a word written to it ends or resets. */
#define FINISHER_ADDR  0x00100000u
#define FINISHER_RESET 0x7777u

static void reset(const struct hil_reset *self)
{
    (void)self;
    *(volatile uint32_t *)FINISHER_ADDR = FINISHER_RESET;
    arch_halt();
}

const struct hil_reset qemu_rv32_virt_reset = {reset};
