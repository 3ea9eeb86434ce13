/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "mps2/map.h"

/* AN385 (Cortex-M3), AN386 (M4) and AN500 (M7): ARM DAI 0385, 0386, 0500,
 * "Memory map" and "Interrupts". */
const struct mps2_map mps2_map = {
    .clock_hz = 25000000,
    .uart0 = 0x40004000,
    .uart1 = 0x40005000,
    .timer0 = 0x40000000,
    .fpgaio = 0x40028000,
    .options = 0x00000100,
    .irq_uart0_rx = 0,
    .irq_uart0_tx = 1,
    .irq_uart1_rx = 2,
    .irq_uart1_tx = 3,
    .irq_timer0 = 8,
};
