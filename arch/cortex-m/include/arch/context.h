/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A process on ARMv7-M or ARMv8-M Mainline (Cortex-M3, M4, M7, M33), as the
 * kernel core embeds it. arch/mpu.h is the variant's (v7m, v8m).
 *
 * The hardware keeps r0-r3, r12, lr, pc and xPSR of a stopped process on the
 * process's own stack; the rest is here. The register part of the layout is
 * known to context.S.
 */

#include "arch/mpu.h"

#include <stdint.h>

struct arch_context {
    uint32_t r4_to_r11[8];
    uint32_t psp;      /* where the stacked registers lie               */
    uint32_t yield_pc; /* behind the Yield that the last call returns to */
};

/* The frame's first words; its place was checked when the process stopped. */
static inline uint32_t *arch_registers(const struct arch_context *ctx)
{
    return (uint32_t *)ctx->psp;
}

static inline uint8_t *arch_bytes(uint32_t addr, uint32_t len)
{
    (void)len;
    return (uint8_t *)addr;
}

static inline uint32_t arch_stack_pointer(const struct arch_context *ctx)
{
    return ctx->psp;
}

/* One exception frame: what the first exception return takes off the stack. */
#define ARCH_INITIAL_APP_SIZE 32u
