/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Where the peripherals of an MPS2 board are: its FPGA image decides. A board
 * links one file of chips/mps2/map.
 */

#include <stdint.h>

struct mps2_map {
    uint32_t clock_hz; /* processor, SysTick, buses, timers */
    uint32_t uart0;    /* base addresses */
    uint32_t uart1;
    uint32_t timer0;
    uint32_t fpgaio;
    uint32_t options; /* see mps2_has_option */
    uint32_t irq_uart0_rx;
    uint32_t irq_uart0_tx;
    uint32_t irq_uart1_rx;
    uint32_t irq_uart1_tx;
    uint32_t irq_timer0;
};

extern const struct mps2_map mps2_map;
