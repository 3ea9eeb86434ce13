/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/cortexm.h"

#include "base/attr.h"
#include "scs.h"
#include "state.h"

enum {
    PSR_EXCEPTION = 0x1ff, /* 0 in thread mode */
    PSR_THUMB = 1 << 24,
    PSR_IT = 0x0600fc00, /* state of an IT block or interrupted load */
};

struct cortexm_state cortexm_state;

/* No process has the first bytes of the address space: nothing wraps. */
static bool holds_frame(const struct arch_bounds *bounds, uint32_t psp)
{
    return psp >= bounds->ram_start && psp <= bounds->app_break - FRAME_LEN;
}

bool arch_fits(const struct arch_context *ctx, const struct arch_bounds *bounds)
{
    return holds_frame(bounds, ctx->psp);
}

/* PSP is always a multiple of 4; the hardware sees to that. */
static struct frame *frame_at(uint32_t psp)
{
    return (struct frame *)psp;
}

struct frame *frame_of(const struct arch_context *ctx,
                       const struct arch_bounds *bounds)
{
    return arch_fits(ctx, bounds) ? frame_at(ctx->psp) : NULL;
}

void arch_context_reset(struct arch_context *ctx,
                        const struct arch_bounds *bounds)
{
    *ctx = (struct arch_context){.psp = bounds->app_break - FRAME_LEN};
    *frame_at(ctx->psp) = (struct frame){.xpsr = PSR_THUMB};
}

/*
 * The frame that the system call left is rewritten where it is: as if the
 * SVC had been a call of fn.
 */
void arch_push_call(struct arch_context *ctx, uint32_t fn,
                    const uint32_t args[4])
{
    struct frame *frame = frame_at(ctx->psp);

    for (uint32_t i = 0; i < 4; i++)
        frame->r0_to_r3[i] = args[i];
    ctx->yield_pc = frame->pc;
    frame->lr = frame->pc | 1u;
    frame->pc = fn & ~1u;
    frame->xpsr = (frame->xpsr & ~(uint32_t)PSR_IT) | PSR_THUMB;
}

bool frame_can_return(const struct frame *frame)
{
    return (frame->xpsr & PSR_EXCEPTION) == 0;
}

/* The class stands in the SVC itself, the instruction before the stacked pc. */
static uint32_t class_of_call(const struct frame *frame)
{
    return *arch_bytes(frame->pc - 2u, 1);
}

/* Called by context.S only. */
uint32_t cortexm_trapped(const struct arch_context *ctx,
                         const struct arch_bounds *bounds, uint32_t psp)
{
    bool fits = holds_frame(bounds, psp);
    uint32_t turn = cortexm_state.turn;

    (void)ctx;
    if (LIKELY(fits && turn == TURN_SYSCALL))
        return class_of_call(frame_at(psp));
    if (fits && turn == TURN_INTERRUPTED)
        return ARCH_TRAP_INTERRUPT;
    return fault_record(turn);
}

/*
 * The frame is in bounds, but the kernel may have written into it since that
 * was checked, into a buffer that the process chose.
 */
uint32_t arch_run(struct arch_context *ctx, const struct arch_bounds *bounds)
{
    if (frame_can_return(frame_at(ctx->psp)))
        return cortexm_switch(ctx, bounds, ctx->psp);
    cortexm_state.turn = TURN_INTERRUPTED; /* that is: no exception */
    return ARCH_TRAP_FAULT;
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
