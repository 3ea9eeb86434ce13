/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "mps2/map.h"

/* AN505 (Cortex-M33): ARM DAI 0505, "Memory map" and "Interrupts"; the
 * addresses are those of the Secure aliases. */
const struct mps2_map mps2_map = {
    .clock_hz = 20000000,
    .uart0 = 0x50200000,
    .uart1 = 0x50201000,
    .timer0 = 0x50000000,
    .fpgaio = 0x50302000,
    .options = 0x10000100,
    .irq_uart0_rx = 32,
    .irq_uart0_tx = 33,
    .irq_uart1_rx = 34,
    .irq_uart1_tx = 35,
    .irq_timer0 = 3,
};
