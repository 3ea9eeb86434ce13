/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/cortexm.h"

#include "base/bits.h"
#include "scs.h"
#include "state.h"

enum {
    PSR_EXCEPTION = 0x1ff, /* 0 in thread mode */
    PSR_THUMB = 1 << 24,
    PSR_IT = 0x0600fc00, /* state of an IT block or interrupted load */
};

struct cortexm_state cortexm_state;

uint8_t *arch_bytes(uint32_t addr, uint32_t len)
{
    (void)len;
    return (uint8_t *)addr;
}

/* PSP is always a multiple of 4; the hardware sees to that. */
static bool stack_holds(const struct arch_context *ctx,
                        const struct arch_bounds *bounds, uint32_t len)
{
    return range_inside(ctx->psp, len, bounds->ram_start, bounds->app_break);
}

struct frame *frame_of(const struct arch_context *ctx,
                       const struct arch_bounds *bounds)
{
    if (!stack_holds(ctx, bounds, FRAME_LEN))
        return NULL;
    return (struct frame *)ctx->psp;
}

void arch_context_reset(struct arch_context *ctx,
                        const struct arch_bounds *bounds)
{
    *ctx = (struct arch_context){
        .psp = bounds->app_break - FRAME_LEN,
        .yield_psr = PSR_THUMB,
    };

    struct frame *frame = frame_of(ctx, bounds);

    if (frame != NULL)
        *frame = (struct frame){.xpsr = PSR_THUMB};
}

/*
 * The frame that the system call left is rewritten where it is: as if the
 * SVC had been a call of fn.
 */
bool arch_push_call(struct arch_context *ctx, const struct arch_bounds *bounds,
                    uint32_t fn, const uint32_t args[4])
{
    struct frame *frame = frame_of(ctx, bounds);

    if (frame == NULL)
        return false;
    for (uint32_t i = 0; i < 4; i++)
        frame->r0_to_r3[i] = args[i];
    frame->lr = ctx->yield_pc | 1u;
    frame->pc = fn & ~1u;
    frame->xpsr = (ctx->yield_psr & ~(uint32_t)PSR_IT) | PSR_THUMB;
    return true;
}

bool arch_set_return(struct arch_context *ctx, const struct arch_bounds *bounds,
                     const uint32_t *values, uint32_t count)
{
    if (!stack_holds(ctx, bounds, 4 * sizeof *values))
        return false;

    uint32_t *reg = (uint32_t *)ctx->psp;

    for (uint32_t i = 0; i < count && i < 4; i++)
        reg[i] = values[i];
    return true;
}

/* The class stands in the SVC itself, the instruction before the stacked pc. */
static void take_syscall(struct arch_context *ctx, const struct frame *frame,
                         struct arch_trap *out)
{
    out->kind = ARCH_TRAP_SYSCALL;
    out->class = *arch_bytes(frame->pc - 2u, 1);
    for (uint32_t i = 0; i < 4; i++)
        out->args[i] = frame->r0_to_r3[i];
    ctx->yield_pc = frame->pc;
    ctx->yield_psr = frame->xpsr;
}

bool frame_can_return(const struct frame *frame)
{
    return (frame->xpsr & PSR_EXCEPTION) == 0;
}

void arch_run(struct arch_context *ctx, const struct arch_bounds *bounds,
              struct arch_trap *out)
{
    const struct frame *frame = frame_of(ctx, bounds);

    out->kind = ARCH_TRAP_FAULT;
    if (frame == NULL || !frame_can_return(frame)) {
        cortexm_state.why = WHY_INTERRUPT; /* that is: no exception */
        return;
    }
    cortexm_switch(ctx);

    uint32_t why = cortexm_state.why;

    frame = frame_of(ctx, bounds);
    if (why == WHY_FAULT)
        fault_record();
    else if (frame != NULL && why == WHY_SYSCALL)
        take_syscall(ctx, frame, out);
    else if (frame != NULL)
        out->kind = ARCH_TRAP_INTERRUPT;
}

void arch_irq_disable(void)
{
    __asm volatile("cpsid i" ::: "memory");
}

void arch_irq_enable(void)
{
    __asm volatile("cpsie i\n\tisb" ::: "memory");
}

void arch_wait_for_interrupt(void)
{
    __asm volatile("dsb\n\twfi" ::: "memory");
}

void arch_halt(void)
{
    arch_irq_disable();
    for (;;)
        arch_wait_for_interrupt();
}
