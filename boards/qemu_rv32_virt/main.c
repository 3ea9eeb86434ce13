/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The board qemu_rv32_virt: QEMU's virt machine with a microcontroller's
 * RV32IMAC core. The kernel is put together in boards/qemu.
 */

#include "arch/rv32i.h"
#include "base/attr.h"
#include "qemu/kernel.h"
#include "qemu_rv32_virt/chip.h"
#include "virtual/led_memory.h"

#include <stddef.h>

static struct qemu_rv32_virt chip;
static struct led_memory lights[2]; /* the machine has none to show */

extern uint8_t _stack_guard[], _stack_bottom[]; /* layout.ld */

int main(void);

int main(void)
{
    struct hil_led *leds[ARRAY_COUNT(lights)];

    rv32i_init((uint32_t)(uintptr_t)_stack_guard,
               (uint32_t)((uintptr_t)_stack_bottom - (uintptr_t)_stack_guard));
    qemu_rv32_virt_init(&chip);
    qemu_rv32_virt_find_devices(&chip);
    for (uint32_t i = 0; i < ARRAY_COUNT(lights); i++)
        leds[i] = led_memory_init(&lights[i]);
    qemu_kernel_run(&(struct qemu_hardware){
        .chip = &chip.chip,
        .slice_timer = &chip.timer.slice,
        .alarm = &chip.timer.alarm,
        .entropy = chip.has_entropy ? &chip.entropy.entropy : NULL,
        .console = &chip.uart.uart,
        .reset = &qemu_rv32_virt_reset,
        .panel = chip.has_side_port ? &chip.side_port.uart : NULL,
        .leds = leds,
        .led_count = ARRAY_COUNT(lights),
        .panic_put = uart16550_put,
        .panic_sink = &chip.uart,
    });
}
