/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/rv32i.h"

#include "base/mem.h"
#include "csr.h"
#include "frame.h"

#include <stddef.h>

_Static_assert(offsetof(struct arch_context, x) == FRAME_X(1), "trap.S");
_Static_assert(offsetof(struct arch_context, pc) == FRAME_PC, "trap.S");
_Static_assert(offsetof(struct arch_context, mcause) == FRAME_MCAUSE, "trap.S");
_Static_assert(offsetof(struct arch_context, mtval) == FRAME_MTVAL, "trap.S");

/* Indices into struct arch_context's x. */
enum { RA = 0, SP = 1, A0 = 9, A4 = 13 };

enum { ECALL_LEN = 4 };

void rv32i_enter(struct arch_context *ctx); /* trap.S */

void arch_context_reset(struct arch_context *ctx,
                        const struct arch_bounds *bounds)
{
    memset(ctx, 0, sizeof *ctx);
    ctx->x[SP] = bounds->ram_start;
}

bool arch_push_call(struct arch_context *ctx, const struct arch_bounds *bounds,
                    uint32_t fn, const uint32_t args[4])
{
    (void)bounds;
    for (uint32_t i = 0; i < 4; i++)
        ctx->x[A0 + i] = args[i];
    ctx->x[RA] = ctx->pc;
    ctx->pc = fn;
    return true;
}

bool arch_set_return(struct arch_context *ctx, const struct arch_bounds *bounds,
                     const uint32_t *values, uint32_t count)
{
    (void)bounds;
    for (uint32_t i = 0; i < count; i++)
        ctx->x[A0 + i] = values[i];
    return true;
}

static void decode_syscall(struct arch_context *ctx, struct arch_trap *out)
{
    ctx->pc += ECALL_LEN;
    out->kind = ARCH_TRAP_SYSCALL;
    out->class = ctx->x[A4] & 0xff;
    for (uint32_t i = 0; i < 4; i++)
        out->args[i] = ctx->x[A0 + i];
}

void arch_run(struct arch_context *ctx, const struct arch_bounds *bounds,
              struct arch_trap *out)
{
    (void)bounds;
    rv32i_enter(ctx);
    if (ctx->mcause == MCAUSE_ECALL_USER)
        decode_syscall(ctx, out);
    else if (ctx->mcause & MCAUSE_INTERRUPT)
        out->kind = ARCH_TRAP_INTERRUPT;
    else
        out->kind = ARCH_TRAP_FAULT;
}

uint8_t *arch_bytes(uint32_t addr, uint32_t len)
{
    (void)len;
    return (uint8_t *)(uintptr_t)addr;
}
