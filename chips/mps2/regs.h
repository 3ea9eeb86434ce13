/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Addresses of the MPS2 FPGA images AN385 and AN386 (ARM DAI 0385, 0386,
 * "Memory map"), as QEMU 7.2 models them; private to the chip.
 */

#define MPS2_CMSDK_TIMER0 0x40000000u
#define MPS2_UART0        0x40004000u
#define MPS2_FPGAIO       0x40028000u
