/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "port.h"

#include "referee.h"

#ifdef __riscv

__attribute__((naked)) void port_code(uint32_t address, uint32_t value)
{
    (void)address;
    (void)value;
    __asm__ volatile(
        "mv t0, a0\n\t"
        "la ra, 1f\n\t"
        ".irp r, gp,tp,t1,t2,s0,s1,a0,a2,a3,a4,a5,a6,a7,s2,s3,s4,s5,s6,s7,s8,"
        "s9,s10,s11,t3,t4,t5,t6\n\t"
        "mv \\r, a1\n\t"
        ".endr\n\t"
        "jr t0\n"
        "1:\n\t"
        "li a0, %[driver]\n\t"
        "li a1, %[survived]\n\t"
        "li a4, 2\n\t"
        "ecall\n\t"
        "li a0, 1\n\t" /* exit, to start again */
        "li a4, 6\n\t"
        "ecall" ::[driver] "i"(REFEREE_DRIVER),
        [survived] "i"(REFEREE_SURVIVED));
}

__attribute__((naked)) uint32_t port_call(uint32_t class, uint32_t a0,
                                          uint32_t a1, uint32_t a2, uint32_t a3)
{
    (void)class;
    (void)a0;
    (void)a1;
    (void)a2;
    (void)a3;
    __asm__ volatile("addi sp, sp, -16\n\t"
                     "sw ra, 0(sp)\n\t" /* an upcall changes it */
                     "mv t0, a0\n\t"
                     "mv a0, a1\n\t"
                     "mv a1, a2\n\t"
                     "mv a2, a3\n\t"
                     "mv a3, a4\n\t"
                     "mv a4, t0\n\t"
                     "ecall\n\t"
                     "lw ra, 0(sp)\n\t"
                     "addi sp, sp, 16\n\t"
                     "ret");
}

/* Everything that the kernel might mistake for its own is sp. The instructions
 * between find them changed if the kernel did not keep them. */
#define AT(what)                                                        \
    "mv t0, sp\n\tmv t1, ra\n\tmv t2, gp\n\tmv t3, tp\n\tmv t4, a0\n\t" \
    "mv sp, a0\n\tmv ra, a0\n\tmv gp, a0\n\tmv tp, a0\n\t" what         \
    "bne sp, t4, 9f\n\tbne gp, t4, 9f\n\tbne tp, t4, 9f\n\t"            \
    "mv sp, t0\n\tmv ra, t1\n\tmv gp, t2\n\tmv tp, t3\n\tret\n"         \
    "9:\tunimp"

__attribute__((naked)) void port_sp_call(uint32_t sp)
{
    (void)sp;
    __asm__ volatile(AT("li a0, 2\n\tli a4, 5\n\tecall\n\t"
                        "bne ra, t4, 9f\n\t"));
}

__attribute__((naked)) void port_sp_wait(uint32_t sp)
{
    (void)sp;
    __asm__ volatile(AT("li a1, 120000\n"
                        "1:\taddi a1, a1, -1\n\t"
                        "bnez a1, 1b\n\t"
                        "bne ra, t4, 9f\n\t"));
}

/* The upcall gets ra. */
__attribute__((naked)) void port_sp_yield(uint32_t sp)
{
    (void)sp;
    __asm__ volatile(AT("li a0, 1\n\tli a1, 0\n\tli a4, 0\n\tecall\n\t"));
}

__attribute__((naked)) void port_upcall(uint32_t arg0, uint32_t arg1,
                                        uint32_t arg2, void *context)
{
    (void)arg0;
    (void)arg1;
    (void)arg2;
    (void)context;
    __asm__ volatile("ret");
}

void port_access(uint32_t kind, uint32_t address)
{
    switch (kind) {
    case 0:
        __asm__ volatile("lr.w t0, (%0)" ::"r"(address) : "t0");
        break;
    case 1:
        __asm__ volatile("lr.w t0, (%0)\n\t"
                         "sc.w t0, t0, (%0)" ::"r"(address)
                         : "t0", "memory");
        break;
    case 2:
        __asm__ volatile("amoadd.w t0, t0, (%0)" ::"r"(address)
                         : "t0", "memory");
        break;
    case 3:
        __asm__ volatile("amoswap.w zero, zero, (%0)" ::"r"(address)
                         : "memory");
        break;
    default:
        break;
    }
}
#endif
