/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "probe.h"

#include "base/attr.h"

#ifdef __thumb__

/*
 * struct probe_registers: 0 to 12 are r0 to r12, 13 is lr, 14 the flags, 15 the
 * stack pointer. Written for ARMv6-M: ldm and stm know only r0 to r7.
 */
static const char *const names[] = {
    "r0", "r1", "r2",  "r3",  "r4",  "r5", "r6",    "r7",
    "r8", "r9", "r10", "r11", "r12", "lr", "flags",
};
static const uint32_t saved[] = {4, 5, 6, 7, 8, 9, 10, 11};

const struct probe_port probe_port = {
    .names = names,
    .count = ARRAY_COUNT(names),
    .class_register = ARRAY_COUNT(names),
    .saved = saved,
    .saved_count = ARRAY_COUNT(saved),
};

/* The class is part of the instruction: one copy of it for each. */
typedef void (*class_call)(struct probe_registers *registers);

#define CLASS_CALL(class)                                                    \
    static __attribute__((naked)) void call_##class(struct probe_registers * \
                                                    registers)               \
    {                                                                        \
        (void)registers;                                                     \
        __asm__ volatile(".syntax unified\n\t"                               \
                         "push {r4-r7, lr}\n\t"                              \
                         "mov r4, r8\n\t"                                    \
                         "mov r5, r9\n\t"                                    \
                         "mov r6, r10\n\t"                                   \
                         "mov r7, r11\n\t"                                   \
                         "push {r4-r7}\n\t"                                  \
                         "push {r0}\n\t"                                     \
                         "mov r1, sp\n\t"                                    \
                         "str r1, [r0, #60]\n\t"                             \
                         "ldr r1, [r0, #32]\n\t"                             \
                         "mov r8, r1\n\t"                                    \
                         "ldr r1, [r0, #36]\n\t"                             \
                         "mov r9, r1\n\t"                                    \
                         "ldr r1, [r0, #40]\n\t"                             \
                         "mov r10, r1\n\t"                                   \
                         "ldr r1, [r0, #44]\n\t"                             \
                         "mov r11, r1\n\t"                                   \
                         "ldr r1, [r0, #48]\n\t"                             \
                         "mov r12, r1\n\t"                                   \
                         "ldr r1, [r0, #52]\n\t"                             \
                         "mov lr, r1\n\t"                                    \
                         "ldr r1, [r0, #56]\n\t"                             \
                         "msr apsr_nzcvq, r1\n\t"                            \
                         "mov r7, r0\n\t"                                    \
                         "ldm r7, {r0-r7}\n\t"                               \
                         "svc %[number]\n\t"                                 \
                         "push {r7}\n\t"                                     \
                         "ldr r7, [sp, #4]\n\t"                              \
                         "stm r7!, {r0-r6}\n\t"                              \
                         "pop {r0}\n\t"                                      \
                         "str r0, [r7]\n\t"                                  \
                         "mrs r0, apsr\n\t"                                  \
                         "str r0, [r7, #28]\n\t"                             \
                         "mov r0, r8\n\t"                                    \
                         "str r0, [r7, #4]\n\t"                              \
                         "mov r0, r9\n\t"                                    \
                         "str r0, [r7, #8]\n\t"                              \
                         "mov r0, r10\n\t"                                   \
                         "str r0, [r7, #12]\n\t"                             \
                         "mov r0, r11\n\t"                                   \
                         "str r0, [r7, #16]\n\t"                             \
                         "mov r0, r12\n\t"                                   \
                         "str r0, [r7, #20]\n\t"                             \
                         "mov r0, lr\n\t"                                    \
                         "str r0, [r7, #24]\n\t"                             \
                         "pop {r0}\n\t"                                      \
                         "pop {r4-r7}\n\t"                                   \
                         "mov r8, r4\n\t"                                    \
                         "mov r9, r5\n\t"                                    \
                         "mov r10, r6\n\t"                                   \
                         "mov r11, r7\n\t"                                   \
                         "pop {r4-r7, pc}" ::[number] "i"(class));           \
    }

CLASS_CALL(0)
CLASS_CALL(1)
CLASS_CALL(2)
CLASS_CALL(3)
CLASS_CALL(4)
CLASS_CALL(5)
CLASS_CALL(6)
CLASS_CALL(7)

void probe_call(uint32_t class, struct probe_registers *registers)
{
    static const class_call calls[] = {call_0, call_1, call_2, call_3,
                                       call_4, call_5, call_6, call_7};

    calls[class](registers);
}

/* r3 is the record; nothing but r0 to r3 is touched. */
__attribute__((naked)) void probe_upcall(uint32_t arg0, uint32_t arg1,
                                         uint32_t arg2, void *context)
{
    (void)arg0;
    (void)arg1;
    (void)arg2;
    (void)context;
    __asm__ volatile(".syntax unified\n\t"
                     "stm r3!, {r0-r2}\n\t"
                     "mov r1, sp\n\t"
                     "mov r2, lr\n\t"
                     "stm r3!, {r1-r2}\n\t"
                     "bx lr");
}

__attribute__((naked)) void probe_memop_at(uint32_t sp)
{
    (void)sp;
    __asm__ volatile(".syntax unified\n\t"
                     "mov r3, sp\n\t"
                     "mov sp, r0\n\t"
                     "movs r0, #2\n\t"
                     "svc 5\n\t"
                     "mov sp, r3\n\t"
                     "bx lr");
}

__attribute__((naked)) void probe_spin_at(uint32_t sp)
{
    (void)sp;
    __asm__ volatile(".syntax unified\n\t"
                     "mov sp, r0\n"
                     "1:\tb 1b");
}

__attribute__((naked)) void probe_unknown_class(void)
{
    __asm__ volatile(".syntax unified\n\t"
                     "svc 0xbd\n\t"
                     "bx lr");
}
#endif
