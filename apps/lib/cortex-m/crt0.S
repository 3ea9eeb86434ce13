/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * First instructions of an app on Cortex-M; see crt0.h.
 *
 * In: r0 app header, r1 start of RAM, sp = r1 + 32. Those 32 bytes hold the
 * frame that the processor pushes at the first SVC, no more. Only
 * instructions that every Cortex-M has.
 */
#include "crt0.h"

    .syntax unified
    .section .start, "ax", %progbits
    .global _start
    .type _start, %function
    .thumb_func
_start:
    mov     r4, r0
    mov     r5, r1

    /* r6: end of .bss, the break to ask for */
    ldr     r6, [r4, #CRT0_BSS_RAM]
    ldr     r2, [r4, #CRT0_BSS_SIZE]
    adds    r6, r6, r2
    adds    r6, r6, r5
    movs    r0, #CRT0_MEMOP_BRK
    mov     r1, r6
    svc     #CRT0_CLASS_MEMOP
    cmp     r0, #0
    beq     refused

    ldr     r7, [r4, #CRT0_STACK_SIZE]
    adds    r7, r7, r5
    mov     sp, r7

    /* r9: the global offset table, for all code of the app */
    ldr     r2, [r4, #CRT0_GOT_RAM]
    adds    r2, r2, r5
    mov     r9, r2

    /* for the kernel's crash dump */
    movs    r0, #CRT0_MEMOP_STACK_TOP
    mov     r1, r7
    svc     #CRT0_CLASS_MEMOP
    movs    r0, #CRT0_MEMOP_HEAP_START
    mov     r1, r6
    svc     #CRT0_CLASS_MEMOP

    mov     r0, r4
    mov     r1, r5
    bl      crt0_main

refused:
    movs    r0, #CRT0_EXIT_TERMINATE
    movs    r1, #CRT0_NOMEM
    svc     #CRT0_CLASS_EXIT
    .size _start, . - _start
