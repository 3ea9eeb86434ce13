/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * First instructions of an app on RISC-V; see crt0.h.
 *
 * In: a0 app header, a1 start of RAM, no stack. gp stays unused: the linker
 * script does not define __global_pointer$.
 */
#include "crt0.h"

    .section .start, "ax", %progbits
    .global _start
    .type _start, %function
_start:
    mv      s0, a0
    mv      s1, a1

    /* s2: end of .bss, the break to ask for */
    lw      s2, CRT0_BSS_RAM(s0)
    lw      t0, CRT0_BSS_SIZE(s0)
    add     s2, s2, t0
    add     s2, s2, s1
    li      a0, CRT0_MEMOP_BRK
    mv      a1, s2
    li      a4, CRT0_CLASS_MEMOP
    ecall
    beqz    a0, refused

    lw      t0, CRT0_STACK_SIZE(s0)
    add     sp, s1, t0

    /* for the kernel's crash dump */
    li      a0, CRT0_MEMOP_STACK_TOP
    mv      a1, sp
    ecall
    li      a0, CRT0_MEMOP_HEAP_START
    mv      a1, s2
    ecall

    mv      a0, s0
    mv      a1, s1
    call    crt0_main

refused:
    li      a0, CRT0_EXIT_TERMINATE
    li      a1, CRT0_NOMEM
    li      a4, CRT0_CLASS_EXIT
    ecall
    .size _start, . - _start
