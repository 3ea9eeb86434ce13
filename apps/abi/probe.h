/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * System calls with every register under control.
 *
 * The compiler's view of a call is what the inline assembly of tock/trap.h
 * promises it. Here the promise itself is tested: each register is given a
 * value of its own before the call, and all are read after it.
 *
 * Registers have a fixed order: the argument registers first, then the others
 * of the port, then the flags (Cortex-M) or nothing (RISC-V), last the stack
 * pointer, which only tells where the stack was.
 */

#include <stdint.h>

#define PROBE_ARGS 4u

struct probe_port {
    const char *const *names; /* of the registers, in order             */
    uint32_t count;           /* those that a call must keep or answer   */
    uint32_t class_register;  /* index of the class's; count if none has */
    const uint32_t *saved;    /* indices that an upcall must keep too    */
    uint32_t saved_count;
};

extern const struct probe_port probe_port;

/* Room for the registers of any port. */
struct probe_registers {
    uint32_t value[32];
};

/* What probe_upcall saw; it is the context of the subscription. */
struct probe_upcall_record {
    uint32_t args[3];
    uint32_t sp;
    uint32_t link;
};

/* Loads the registers, makes the call, stores them. */
void probe_call(uint32_t class, struct probe_registers *registers);

/* An upcall in assembly: fills its record and returns. */
void probe_upcall(uint32_t arg0, uint32_t arg1, uint32_t arg2, void *context);

/* Makes a memop, or waits for ever, with this stack pointer. */
void probe_memop_at(uint32_t sp);
void probe_spin_at(uint32_t sp);

/* A call of a class that does not exist. */
void probe_unknown_class(void);
