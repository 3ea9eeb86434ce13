/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Registers of the peripherals on the MPS2 FPGA images; private to the chip.
 * mps2/map.h tells where they are.
 */

#include <stddef.h>
#include <stdint.h>

/* APB UART (ARM DDI 0479). */
struct cmsdk_uart_regs {
    volatile uint32_t data;
    volatile uint32_t state;
    volatile uint32_t ctrl;
    volatile uint32_t intstatus; /* write 1 to clear */
    volatile uint32_t bauddiv;   /* at least 16      */
};

_Static_assert(offsetof(struct cmsdk_uart_regs, bauddiv) == 0x10, "BAUDDIV");

/* APB timer (ARM DDI 0479). */
struct cmsdk_timer_regs {
    volatile uint32_t ctrl;
    volatile uint32_t value; /* down, one step per clock           */
    volatile uint32_t reload;
    volatile uint32_t intstatus; /* write 1 to clear */
};

_Static_assert(offsetof(struct cmsdk_timer_regs, intstatus) == 0x0c, "INT");

/* FPGA system control (ARM DAI 0386). */
struct fpgaio_regs {
    volatile uint32_t led0;
    uint32_t reserved0;
    volatile uint32_t button;
    uint32_t reserved1;
    volatile uint32_t clk1hz;
    volatile uint32_t clk100hz;
    volatile uint32_t counter;  /* up, one step per prescale + 1 clocks */
    volatile uint32_t prescale; /* reload value of its prescaler        */
};

_Static_assert(offsetof(struct fpgaio_regs, counter) == 0x18, "COUNTER");
