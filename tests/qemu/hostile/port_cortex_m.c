/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "port.h"

#include "referee.h"

#ifdef __thumb__

#define SURVIVED               \
    "ldr r0, =%c[driver]\n\t"  \
    "movs r1, %[survived]\n\t" \
    "movs r2, #0\n\t"          \
    "movs r3, #0\n\t"          \
    "svc 2\n\t"

__attribute__((naked)) void port_code(uint32_t address, uint32_t value)
{
    (void)address;
    (void)value;
    __asm__ volatile("orr lr, r0, #1\n\t"
                     "push {lr}\n\t"
                     "mov r0, r1\n\tmov r2, r1\n\tmov r3, r1\n\t"
                     "mov r4, r1\n\tmov r5, r1\n\tmov r6, r1\n\t"
                     "mov r7, r1\n\tmov r8, r1\n\tmov r9, r1\n\t"
                     "mov r10, r1\n\tmov r11, r1\n\tmov r12, r1\n\t"
                     "adr lr, 1f\n\t"
                     "orr lr, lr, #1\n\t"
                     "pop {pc}\n\t"
                     ".balign 4\n"
                     "1:\t" SURVIVED
                     "movs r0, #1\n\t" /* exit, to start again */
                     "svc 6\n\t"
                     ".ltorg" ::[driver] "i"(REFEREE_DRIVER),
                     [survived] "i"(REFEREE_SURVIVED));
}

/* Each class has an instruction of its own: they are in a row. An upcall that
 * runs in one changes lr. */
__attribute__((naked)) uint32_t port_call(uint32_t class, uint32_t a0,
                                          uint32_t a1, uint32_t a2, uint32_t a3)
{
    (void)class;
    (void)a0;
    (void)a1;
    (void)a2;
    (void)a3;
    __asm__ volatile("push {r4, lr}\n\t"
                     "uxtb r0, r0\n\t"
                     "ldr r12, [sp, #8]\n\t"
                     "adr r4, 1f\n\t"
                     "add r4, r4, r0, lsl #2\n\t"
                     "orr r4, r4, #1\n\t"
                     "mov r0, r1\n\tmov r1, r2\n\tmov r2, r3\n\t"
                     "mov r3, r12\n\t"
                     "bx r4\n\t"
                     ".balign 4\n"
                     "1:\n\t"
                     ".set number, 0\n\t"
                     ".rept 256\n\t"
                     "svc #number\n\t"
                     "pop {r4, pc}\n\t"
                     ".set number, number + 1\n\t"
                     ".endr");
}

__attribute__((naked)) void port_sp_call(uint32_t sp)
{
    (void)sp;
    __asm__ volatile("push {r4, lr}\n\t"
                     "mov r4, sp\n\t"
                     "mov sp, r0\n\t"
                     "movs r0, #2\n\t"
                     "svc 5\n\t"
                     "mov sp, r4\n\t"
                     "pop {r4, pc}");
}

__attribute__((naked)) void port_sp_wait(uint32_t sp)
{
    (void)sp;
    __asm__ volatile("push {r4, lr}\n\t"
                     "mov r4, sp\n\t"
                     "ldr r1, =120000\n\t"
                     "mov sp, r0\n"
                     "1:\tsubs r1, #1\n\t"
                     "bne 1b\n\t"
                     "mov sp, r4\n\t"
                     "pop {r4, pc}\n\t"
                     ".ltorg");
}

__attribute__((naked)) void port_sp_yield(uint32_t sp)
{
    (void)sp;
    __asm__ volatile("push {r4, lr}\n\t"
                     "mov r4, sp\n\t"
                     "mov sp, r0\n\t"
                     "movs r0, #1\n\t"
                     "movs r1, #0\n\t"
                     "svc 0\n\t"
                     "mov sp, r4\n\t"
                     "pop {r4, pc}");
}

__attribute__((naked)) void port_upcall(uint32_t arg0, uint32_t arg1,
                                        uint32_t arg2, void *context)
{
    (void)arg0;
    (void)arg1;
    (void)arg2;
    (void)context;
    __asm__ volatile("bx lr");
}

void port_access(uint32_t kind, uint32_t address)
{
    switch (kind) {
    case 0:
        __asm__ volatile("ldrd r2, r3, [%0]" ::"r"(address) : "r2", "r3");
        break;
    case 1:
        __asm__ volatile("strd r2, r3, [%0]" ::"r"(address) : "memory");
        break;
    case 2:
        __asm__ volatile("ldm %0, {r2, r3, r4, r5}" ::"r"(address)
                         : "r2", "r3", "r4", "r5");
        break;
    case 3:
        __asm__ volatile("stm %0, {r2, r3, r4, r5}" ::"r"(address) : "memory");
        break;
    case 4:
        __asm__ volatile("ldrex r2, [%0]" ::"r"(address) : "r2");
        break;
    case 5:
        __asm__ volatile("ldrex r2, [%0]\n\t"
                         "strex r2, r3, [%0]" ::"r"(address)
                         : "r2", "memory");
        break;
    case 6:
        __asm__ volatile("ldrt r2, [%0]" ::"r"(address) : "r2");
        break;
    case 7:
        __asm__ volatile("strt r2, [%0]" ::"r"(address) : "memory");
        break;
    case 8: /* lda r2, [r3]: ARMv8-M */
        __asm__ volatile("mov r3, %0\n\t"
                         ".inst.w 0xe8d32faf" ::"r"(address)
                         : "r2", "r3");
        break;
    case 9: /* stl r2, [r3] */
        __asm__ volatile("mov r3, %0\n\t"
                         ".inst.w 0xe8c32faf" ::"r"(address)
                         : "r3", "memory");
        break;
    default:
        break;
    }
}
#endif
