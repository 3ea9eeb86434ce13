/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/rv32i.h"

#include "base/attr.h"
#include "base/mem.h"
#include "csr.h"
#include "fault.h"
#include "frame.h"

#include <stddef.h>

_Static_assert(offsetof(struct arch_context, x) == FRAME_X(1), "trap.S");
_Static_assert(offsetof(struct arch_context, pc) == FRAME_PC, "trap.S");

/* Indices into struct arch_context's x. */
enum { RA = 0, SP = 1, A0 = 9, A4 = 13 };

enum { ECALL_LEN = 4 };

/*
 * trap.S: runs the process. When it has trapped, calls rv32i_trapped with the
 * same argument and returns what that returns.
 */
uint32_t rv32i_enter(struct arch_context *ctx);
uint32_t rv32i_trapped(struct arch_context *ctx);

void arch_context_reset(struct arch_context *ctx,
                        const struct arch_bounds *bounds)
{
    fault_forget(ctx);
    memset(ctx, 0, sizeof *ctx);
    ctx->x[SP] = bounds->ram_start;
}

void arch_push_call(struct arch_context *ctx, uint32_t fn,
                    const uint32_t args[4])
{
    for (uint32_t i = 0; i < 4; i++)
        ctx->x[A0 + i] = args[i];
    ctx->x[RA] = ctx->pc;
    ctx->pc = fn;
}

/* Nothing of a process's state is in its memory. */
bool arch_fits(const struct arch_context *ctx, const struct arch_bounds *bounds)
{
    (void)ctx;
    (void)bounds;
    return true;
}

/* Called by trap.S only. No trap has come since that of the process. */
uint32_t rv32i_trapped(struct arch_context *ctx)
{
    uint32_t mcause = CSR_READ(mcause);

    if (LIKELY(mcause == MCAUSE_ECALL_USER)) {
        ctx->pc += ECALL_LEN;
        return ctx->x[A4] & 0xff;
    }
    if ((mcause & MCAUSE_INTERRUPT) != 0)
        return ARCH_TRAP_INTERRUPT;
    fault_note(ctx);
    return ARCH_TRAP_FAULT;
}

uint32_t arch_run(struct arch_context *ctx, const struct arch_bounds *bounds)
{
    (void)bounds;
    return rv32i_enter(ctx);
}
