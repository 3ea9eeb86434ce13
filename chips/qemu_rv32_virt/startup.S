/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Reset: QEMU's boot ROM jumps to the flash's first byte on every hart.
 *
 * Hart 0 gets a stack, initialised data and main(); the other sleeps and passes
 * interrupts on (relay.h).
 * The board's linker script sets the _symbols.
 */

.section .start, "ax"
.globl _start
.type _start, @function
_start:
    csrw mstatus, zero          /* no interrupts, no floating point */
    csrw mie, zero
    csrw mscratch, zero
    la t0, rv32i_trap
    csrw mtvec, t0
    csrr t0, mhartid
    bnez t0, other

    la sp, _stack_top
    la a0, _data_start
    la a1, _data_load
    la a2, _data_end
    sub a2, a2, a0
    call memcpy
    la a0, _bss_start
    li a1, 0
    la a2, _bss_end
    sub a2, a2, a0
    call memset
    call main

stop:
    wfi
    j stop
other:
    tail _relay
.size _start, . - _start
