/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Into a process and back out of it.
 *
 * mscratch says who is on the hart: 0 for the kernel, else the address of the
 * running process's struct arch_context. It is set with interrupts off and the
 * next mret enters the process, so that no trap can find it set while the
 * kernel runs.
 *
 * The kernel is compiled without small data and without threads, so gp and tp
 * carry nothing of its own: they are neither saved nor restored for it.
 */

#include "frame.h"

#define MSTATUS_MIE 0x0008
#define MSTATUS_MPP 0x1800

#define KERNEL_FRAME 64 /* ra, s0 to s11, rounded up to 16 */

.macro each_kernel_register op
    \op ra, 0(sp)
    \op s0, 4(sp)
    \op s1, 8(sp)
    \op s2, 12(sp)
    \op s3, 16(sp)
    \op s4, 20(sp)
    \op s5, 24(sp)
    \op s6, 28(sp)
    \op s7, 32(sp)
    \op s8, 36(sp)
    \op s9, 40(sp)
    \op s10, 44(sp)
    \op s11, 48(sp)
.endm

/* All of a process but a0, which holds the context's address meanwhile. */
.macro each_process_register op
    .irp n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    \op x\n, FRAME_X(\n)(a0)
    .endr
.endm

.section .bss.rv32i_kernel_sp, "aw", @nobits
.balign 4
kernel_sp:
    .zero 4

/* rv32i_enter(ctx): port.c */
.section .text.rv32i_enter, "ax"
.globl rv32i_enter
.type rv32i_enter, @function
rv32i_enter:
    addi sp, sp, -KERNEL_FRAME
    each_kernel_register sw
    la t0, kernel_sp
    sw sp, 0(t0)

    li t0, MSTATUS_MPP | MSTATUS_MIE /* MPP 0: mret goes to user mode */
    csrc mstatus, t0
    csrw mscratch, a0
    lw t0, FRAME_PC(a0)
    csrw mepc, t0
    each_process_register lw
    lw a0, FRAME_X(10)(a0)
    mret
.size rv32i_enter, . - rv32i_enter

/* Every trap of the hart comes here (mtvec, direct mode). */
.section .text.rv32i_trap, "ax"
.balign 4
.globl rv32i_trap
.type rv32i_trap, @function
rv32i_trap:
    csrrw a0, mscratch, a0
    beqz a0, from_kernel

    each_process_register sw
    csrrw t0, mscratch, zero
    sw t0, FRAME_X(10)(a0)
    csrr t0, mepc
    sw t0, FRAME_PC(a0)

    la t0, kernel_sp
    lw sp, 0(t0)
    each_kernel_register lw
    addi sp, sp, KERNEL_FRAME
    tail rv32i_trapped

/* The stack may be what broke: report on a fresh one, and never come back. */
from_kernel:
    la t0, halt
    csrw mtvec, t0
    csrr a0, mcause
    csrr a1, mepc
    csrr a2, mtval
    la sp, _stack_top
    tail rv32i_kernel_fault

.balign 4
halt:
    wfi
    j halt
.size rv32i_trap, . - rv32i_trap
