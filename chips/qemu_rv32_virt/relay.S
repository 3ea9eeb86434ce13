/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Two pieces that C cannot say: chips/qemu_rv32_virt/relay.h.
 *
 * _relay is all that harts but 0 ever do. Interrupts stay off there (MIE is
 * 0); those that mie names only end the wfi.
 */

#define CLINT0_MSIP    0x02000000 /* of hart 0                             */
#define CLINT1_MSIP    0x02010000 /* of hart 1, if that has its own socket */
#define IRQ_SOFTWARE   (1 << 3)
#define IRQ_EXTERNAL   (1 << 11)

.section .text._relay, "ax"
.globl _relay
.type _relay, @function
_relay:
    li t0, IRQ_EXTERNAL
    csrw mie, t0
1:  wfi
    csrr t1, mip
    and t1, t1, t0
    beqz t1, 1b
    li t2, CLINT0_MSIP          /* tell hart 0 */
    li t1, 1
    sw t1, 0(t2)

    li t0, IRQ_SOFTWARE         /* until it has served the device */
    csrw mie, t0
2:  wfi
    csrr t1, mip
    and t1, t1, t0
    beqz t1, 2b
    li t2, CLINT1_MSIP
    sw zero, 0(t2)
    j _relay
.size _relay, . - _relay

.section .text.relay_probe, "ax"
.globl relay_probe
.type relay_probe, @function
relay_probe:
    la t0, 1f
    csrrw t1, mtvec, t0
    lw t2, 0(a0)
    li a0, 1
    csrw mtvec, t1
    ret
.balign 4
1:  li a0, 0                    /* the load was an access fault */
    csrw mtvec, t1
    ret
.size relay_probe, . - relay_probe
