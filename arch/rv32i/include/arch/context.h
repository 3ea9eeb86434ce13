/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What the kernel core embeds in a process on RV32: the saved register file
 * and the PMP windows. See arch/arch.h.
 *
 * Nothing of a process's state lives on its stack, so the kernel never reads
 * or writes process memory to switch, to deliver an upcall or to return a
 * value.
 */

#include "place/pmp.h"

#include <stdint.h>

#define ARCH_PLACE_KIND       PLACE_PMP
#define ARCH_INITIAL_APP_SIZE 0u

/* Offsets are known to trap.S through frame.h. */
struct arch_context {
    uint32_t x[31]; /* x1 to x31: x[n - 1] is register n         */
    uint32_t pc;    /* where it continues                        */
};

/* a0 to a3 */
static inline uint32_t *arch_registers(struct arch_context *ctx)
{
    return &ctx->x[9];
}

static inline uint8_t *arch_bytes(uint32_t addr, uint32_t len)
{
    (void)len;
    return (uint8_t *)addr;
}

static inline uint32_t arch_stack_pointer(const struct arch_context *ctx)
{
    return ctx->x[1];
}

struct arch_mpu {
    struct pmp_map map;
    struct pmp_window window[PLACE_WINDOWS]; /* closed: it ends at 0 */
};
