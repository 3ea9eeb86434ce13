/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* What ../main.c needs of the chip. */

#include "arch/rv32i.h"
#include "qemu_rv32_virt/chip.h"
#include "virtual/led_memory.h"

struct small_chip {
    struct qemu_rv32_virt virt;
    struct led_memory light; /* the machine has none to show */
};

#define SMALL_CHIP(c)        (&(c).virt.chip)
#define SMALL_SLICE_TIMER(c) (&(c).virt.timer.slice)
#define SMALL_UART(c)        (&(c).virt.uart)
#define SMALL_ALARM(c)       (&(c).virt.timer.alarm)
#define SMALL_PANIC_PUT      uart16550_put

extern uint8_t _stack_guard[], _stack_bottom[]; /* layout.ld */

static struct hil_led *small_chip_init(struct small_chip *c)
{
    rv32i_init((uint32_t)(uintptr_t)_stack_guard,
               (uint32_t)((uintptr_t)_stack_bottom - (uintptr_t)_stack_guard));
    qemu_rv32_virt_init(&c->virt);
    return led_memory_init(&c->light);
}
