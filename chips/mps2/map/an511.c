/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "mps2/map.h"

/* AN511 (Cortex-M3 DesignStart): ARM DAI 0511, "Memory map" and "Interrupts". A
 * serial port has one line for both directions. */
const struct mps2_map mps2_map = {
    .clock_hz = 25000000,
    .uart0 = 0x40004000,
    .uart1 = 0x40005000,
    .timer0 = 0x40000000,
    .fpgaio = 0x40028000,
    .options = 0x00000100,
    .irq_uart0_rx = 0,
    .irq_uart0_tx = 0,
    .irq_uart1_rx = 2,
    .irq_uart1_tx = 2,
    .irq_timer0 = 8,
};
