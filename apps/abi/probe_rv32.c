/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "probe.h"

#include "base/attr.h"

#ifdef __riscv

/*
 * struct probe_registers: 0 to 7 are a0 to a7, then ra, gp, tp, t0 to t6 and
 * s0 to s11; 30 is the stack pointer.
 */
static const char *const names[] = {
    "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "ra",  "gp",
    "tp", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "s0",  "s1",
    "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11",
};
static const uint32_t saved[] = {9,  10, 18, 19, 20, 21, 22,
                                 23, 24, 25, 26, 27, 28, 29};

const struct probe_port probe_port = {
    .names = names,
    .count = ARRAY_COUNT(names),
    .class_register = 4,
    .saved = saved,
    .saved_count = ARRAY_COUNT(saved),
};

/* $op each register but t6, which is the base. */
#define EACH_REGISTER(op)                                                \
    op " a0, 0(t6)\n\t" op " a1, 4(t6)\n\t" op " a2, 8(t6)\n\t" op       \
       " a3, 12(t6)\n\t" op " a4, 16(t6)\n\t" op " a5, 20(t6)\n\t" op    \
       " a6, 24(t6)\n\t" op " a7, 28(t6)\n\t" op " ra, 32(t6)\n\t" op    \
       " gp, 36(t6)\n\t" op " tp, 40(t6)\n\t" op " t0, 44(t6)\n\t" op    \
       " t1, 48(t6)\n\t" op " t2, 52(t6)\n\t" op " t3, 56(t6)\n\t" op    \
       " t4, 60(t6)\n\t" op " t5, 64(t6)\n\t" op " s0, 72(t6)\n\t" op    \
       " s1, 76(t6)\n\t" op " s2, 80(t6)\n\t" op " s3, 84(t6)\n\t" op    \
       " s4, 88(t6)\n\t" op " s5, 92(t6)\n\t" op " s6, 96(t6)\n\t" op    \
       " s7, 100(t6)\n\t" op " s8, 104(t6)\n\t" op " s9, 108(t6)\n\t" op \
       " s10, 112(t6)\n\t" op " s11, 116(t6)\n\t"

/* $op what a function must keep. */
#define EACH_KEPT(op)                                                 \
    op " ra, 0(sp)\n\t" op " gp, 4(sp)\n\t" op " tp, 8(sp)\n\t" op    \
       " s0, 12(sp)\n\t" op " s1, 16(sp)\n\t" op " s2, 20(sp)\n\t" op \
       " s3, 24(sp)\n\t" op " s4, 28(sp)\n\t" op " s5, 32(sp)\n\t" op \
       " s6, 36(sp)\n\t" op " s7, 40(sp)\n\t" op " s8, 44(sp)\n\t" op \
       " s9, 48(sp)\n\t" op " s10, 52(sp)\n\t" op " s11, 56(sp)\n\t"

static __attribute__((naked)) void call(struct probe_registers *registers)
{
    (void)registers;
    __asm__ volatile("addi sp, sp, -80\n\t" EACH_KEPT(
        "sw") "sw a0, 60(sp)\n\t"
              "sw sp, 120(a0)\n\t"
              "mv t6, a0\n\t" EACH_REGISTER(
                  "lw") "lw t6, 68(t6)\n\t"
                        "ecall\n\t"
                        "sw t6, 64(sp)\n\t"
                        "lw t6, 60(sp)\n\t" EACH_REGISTER(
                            "sw") "lw a0, 64(sp)\n\t"
                                  "sw a0, 68(t6)\n\t" EACH_KEPT(
                                      "lw") "addi sp, sp, 80\n\t"
                                            "ret");
}

void probe_call(uint32_t class, struct probe_registers *registers)
{
    registers->value[probe_port.class_register] = class;
    call(registers);
}

/* a3 is the record. */
__attribute__((naked)) void probe_upcall(uint32_t arg0, uint32_t arg1,
                                         uint32_t arg2, void *context)
{
    (void)arg0;
    (void)arg1;
    (void)arg2;
    (void)context;
    __asm__ volatile("sw a0, 0(a3)\n\t"
                     "sw a1, 4(a3)\n\t"
                     "sw a2, 8(a3)\n\t"
                     "sw sp, 12(a3)\n\t"
                     "sw ra, 16(a3)\n\t"
                     "ret");
}

__attribute__((naked)) void probe_memop_at(uint32_t sp)
{
    (void)sp;
    __asm__ volatile("mv t0, sp\n\t"
                     "mv sp, a0\n\t"
                     "li a0, 2\n\t"
                     "li a4, 5\n\t"
                     "ecall\n\t"
                     "mv sp, t0\n\t"
                     "ret");
}

__attribute__((naked)) void probe_spin_at(uint32_t sp)
{
    (void)sp;
    __asm__ volatile("mv sp, a0\n"
                     "1:\tj 1b");
}

__attribute__((naked)) void probe_unknown_class(void)
{
    __asm__ volatile("li a4, 0xbd\n\t"
                     "ecall\n\t"
                     "ret");
}
#endif
