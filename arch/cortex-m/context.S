/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * The switch between kernel and process, and every exception handler.
 *
 * cortexm_switch executes an SVC; its handler drops to the process. Whatever
 * exception ends the process's turn returns behind that SVC: each handler
 * makes thread mode privileged and returns with a constant it makes itself,
 * whatever the link register holds. state.h has the rules.
 */

#include "state.h"

#define SYSTICK_CSR 0xe000e010
#define NVIC_ICER   0xe000e180
#define NVIC_ISPR   0xe000e200
#define SCB_SHCSR   0xe000ed24

/* SVCall, BusFault, MemManage and UsageFault pended but not taken. */
#define SHCSR_PENDED 0xf000

    .syntax unified
    .thumb

    .macro function name
    .section .text.\name, "ax", %progbits
    .global \name
    .type \name, %function
    .thumb_func
\name:
    .endm

/* cortexm_switch(ctx, bounds, psp): state.h */
function cortexm_switch
    push    {r1, r4-r11, lr}
    msr     psp, r2
    ldm     r0, {r4-r11}
    ldr     r1, =cortexm_state
    movs    r2, #TURN_ENTERING
    str     r2, [r1, #STATE_TURN]
    svc     0
    /* The frame of the SVC was on MSP: r0 is what it was. */
    stm     r0, {r4-r11}
    mrs     r2, psp
    str     r2, [r0, #CONTEXT_PSP]
    pop     {r1, r4-r11, lr}
    b       cortexm_trapped         /* (ctx, bounds, psp) */
    .ltorg
    .size   cortexm_switch, . - cortexm_switch

function cortexm_systick
    ldr     r0, =cortexm_state
    movs    r1, #1
    strh    r1, [r0, #STATE_SLICE_OVER]
    ldr     r2, =SYSTICK_CSR
    movs    r1, #0
    str     r1, [r2]                /* one expiry for each start */
    b       leave_after_interrupt
    .ltorg
    .size   cortexm_systick, . - cortexm_systick

/* Masks the line and keeps it pending, for the kernel to find and serve. */
function cortexm_irq
    mrs     r0, ipsr
    subs    r0, #16
    lsrs    r1, r0, #5
    and     r0, r0, #31
    movs    r2, #1
    lsls    r2, r0
    ldr     r3, =NVIC_ICER
    str     r2, [r3, r1, lsl #2]
    ldr     r3, =NVIC_ISPR
    str     r2, [r3, r1, lsl #2]
    dsb
    ldr     r0, =cortexm_state
    movs    r1, #1
    strh    r1, [r0, #STATE_IRQ_WAITS]
    b       leave_after_interrupt
    .ltorg
    .size   cortexm_irq, . - cortexm_irq

/*
 * A fault is the process's if the process had the processor and the frame is
 * on its stack; a fault of a handler that interrupted it is the kernel's.
 *
 * If stacking for an SVC failed, that SVC is still pending: it goes, with the
 * faults that may wait behind this one, for nothing of a faulted process is
 * carried out. Interrupts stay pending and are taken next.
 */
function cortexm_fault
    ldr     r0, =cortexm_state
    tst     lr, #4
    beq     1f
    ldr     r1, [r0, #STATE_TURN]
    cmp     r1, #TURN_PROCESS
    bne     1f
    ldr     r2, =SCB_SHCSR
    ldr     r1, [r2]
    bic     r1, r1, #SHCSR_PENDED
    str     r1, [r2]
    dsb
    movs    r1, #TURN_FAULTED
    b       leave_as

1:  /* The kernel's own. If its stack is used up or lost, start that over. */
    mov     r0, sp
    ldr     r1, =kernel_stack_bottom + 64
    ldr     r2, =kernel_stack_top
    subs    r3, r0, r1
    subs    r1, r2, r1
    cmp     r3, r1
    bls     2f
    mov     sp, r2
    movs    r0, #0
2:  push    {r4-r11}
    mov     r1, sp
    bl      cortexm_kernel_fault    /* (frame or null, r4 to r11) */
    .ltorg
    .size   cortexm_fault, . - cortexm_fault

/*
 * Ends of handlers, r0 = &cortexm_state. An interrupt takes the turn from the
 * process only. A kernel that was about to enter it goes on to do so: its SVC
 * will see what happened.
 */
function leave_after_interrupt
    ldr     r1, [r0, #STATE_TURN]
    cmp     r1, #TURN_PROCESS
    bne     leave
    movs    r1, #TURN_INTERRUPTED
    b       leave_as

    .type   cortexm_svc, %function
    .global cortexm_svc
    .thumb_func
cortexm_svc:
    ldr     r0, =cortexm_state
    ldrd    r1, r2, [r0, #STATE_TURN]   /* and the attention word */
    cmp     r1, #TURN_FAULTED
    bhi     enter                       /* TURN_ENTERING */
    beq     leave
    /*
     * The process's call. That holds in TURN_INTERRUPTED too: an interrupt
     * then was served between the process's SVC and this handler.
     */
    movs    r1, #TURN_SYSCALL
    str     r1, [r0, #STATE_TURN]
leave_privileged:                       /* r1 = 0 */
    msr     control, r1
    isb
    mvn     lr, #6                  /* 0xfffffff9: thread, MSP, basic frame */
    bx      lr

enter:
    cbnz    r2, 1f
    movs    r1, #TURN_PROCESS
    str     r1, [r0, #STATE_TURN]
    msr     control, r1             /* nPRIV */
    isb
    mvn     lr, #2                  /* 0xfffffffd: thread, PSP, basic frame */
    bx      lr
1:  movs    r1, #TURN_INTERRUPTED
leave_as:
    str     r1, [r0, #STATE_TURN]
leave:
    movs    r1, #0
    b       leave_privileged
    .ltorg
    .size   leave_after_interrupt, . - leave_after_interrupt
