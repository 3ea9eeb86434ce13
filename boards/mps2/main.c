/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The MPS2 boards, QEMU's machines of the same names. The processor and the
 * places of the peripherals are chosen in boards/<board>/board.mk, the kernel
 * is put together in boards/qemu.
 */

#include "arch/cortexm.h"
#include "mps2/chip.h"
#include "qemu/kernel.h"

#include <stddef.h>

static struct mps2 chip;
static struct systick systick;

int main(void);

int main(void)
{
    struct hil_led *leds[MPS2_LED_COUNT];

    mps2_init(&chip);
    systick_init(&systick, mps2_map.clock_hz);
    for (uint32_t i = 0; i < MPS2_LED_COUNT; i++)
        leds[i] = &chip.leds[i].led;
    qemu_kernel_run(&(struct qemu_hardware){
        .chip = &chip.chip,
        .slice_timer = &systick.timer,
        .alarm = &chip.alarm.alarm,
        .console = &chip.uart0.uart,
        .reset = &cortexm_system_reset,
        .panel = mps2_has_option(MPS2_OPTION_PANEL) ? &chip.uart1.uart : NULL,
        .leds = leds,
        .led_count = MPS2_LED_COUNT,
        .panic_put = cmsdk_uart_put,
        .panic_sink = &chip.uart0,
    });
}
