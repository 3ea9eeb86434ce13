/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "fault.h"

#include "arch/rv32i.h"
#include "csr.h"
#include "pmp.h"

#include <stddef.h>

/* The bytes below the stack. */
static uint32_t guard_start;
static uint32_t guard_size;

/* The latest fault of a process; null: it has begun a new life. */
static struct {
    const struct arch_context *ctx;
    uint32_t mcause;
    uint32_t mtval;
} process_fault;

/* The trap that the kernel itself caused. */
static struct {
    uint32_t mcause;
    uint32_t mepc;
    uint32_t mtval;
} kernel_fault;

_Noreturn void rv32i_kernel_fault(uint32_t mcause, uint32_t mepc,
                                  uint32_t mtval);

/* Exception codes of mcause; a null text has no meaning yet. */
static const char *const cause_texts[] = {
    "Instruction access misaligned",
    "Instruction access fault",
    "Illegal instruction",
    "Breakpoint",
    "Load address misaligned",
    "Load access fault",
    "Store/AMO address misaligned",
    "Store/AMO access fault",
    "Environment call from U-mode",
    "Environment call from S-mode",
    "Reserved/Unknown",
    "Environment call from M-mode",
    "Instruction page fault",
    "Load page fault",
    "Reserved/Unknown",
    "Store/AMO page fault",
};

static const char *cause_text(uint32_t mcause)
{
    if (mcause >= ARRAY_COUNT(cause_texts))
        return "Reserved/Unknown";
    return cause_texts[mcause];
}

/* Puts before, the value as 0x and 8 digits, and after. */
static void put_value(arch_put put, void *sink, const char *before,
                      uint32_t value, const char *after)
{
    char text[] = "0x00000000";

    for (uint32_t i = 0; i < 8; i++)
        text[2 + i] = "0123456789ABCDEF"[value >> (28 - 4 * i) & 0xf];
    put(sink, before);
    put(sink, text);
    put(sink, after);
}

static void put_cause(arch_put put, void *sink, uint32_t mcause)
{
    put_value(put, sink, " mcause: ", mcause, " (");
    put(sink, cause_text(mcause));
    put(sink, ")\r\n");
}

static void put_register(arch_put put, void *sink, const char *before,
                         uint32_t number, uint32_t value)
{
    char name[] = "R0 : ";

    if (number >= 10) {
        name[1] = (char)('0' + number / 10);
        name[2] = (char)('0' + number % 10);
    } else {
        name[1] = (char)('0' + number);
    }
    put(sink, before);
    put_value(put, sink, name, value, "");
}

static void put_registers(const struct arch_context *ctx, arch_put put,
                          void *sink)
{
    for (uint32_t n = 0; n < 16; n++) {
        put_register(put, sink, " ", n, n == 0 ? 0 : ctx->x[n - 1]);
        put_register(put, sink, "    ", n + 16, ctx->x[n + 15]);
        put(sink, "\r\n");
    }
    put_value(put, sink, " PC : ", ctx->pc, "\r\n");
}

void arch_describe_fault(const struct arch_context *ctx,
                         const struct arch_bounds *bounds, arch_put put,
                         void *sink)
{
    (void)bounds;
    put_registers(ctx, put, sink);
    put(sink, "\r\n");
    if (ctx != process_fault.ctx)
        return;
    put_cause(put, sink, process_fault.mcause);
    put_value(put, sink, " mtval:  ", process_fault.mtval, "\r\n");
}

void fault_note(const struct arch_context *ctx)
{
    process_fault.ctx = ctx;
    process_fault.mcause = CSR_READ(mcause);
    process_fault.mtval = CSR_READ(mtval);
}

void fault_forget(const struct arch_context *ctx)
{
    if (process_fault.ctx == ctx)
        process_fault.ctx = NULL;
}

static void describe_kernel_fault(arch_put put, void *sink)
{
    put_cause(put, sink, kernel_fault.mcause);
    put_value(put, sink, " mepc:   ", kernel_fault.mepc, "\r\n");
    put_value(put, sink, " mtval:  ", kernel_fault.mtval, "\r\n");
}

/* From trap.S, on a fresh stack; further traps end in a silent halt. */
_Noreturn void rv32i_kernel_fault(uint32_t mcause, uint32_t mepc,
                                  uint32_t mtval)
{
    kernel_fault.mcause = mcause;
    kernel_fault.mepc = mepc;
    kernel_fault.mtval = mtval;
    kernel_exception(mtval - guard_start < guard_size ? "kernel stack overflow"
                                                      : "fatal exception",
                     describe_kernel_fault);
}

void rv32i_init(uint32_t start, uint32_t size)
{
    guard_start = start;
    guard_size = size;
    CSR_WRITE(mie, 0);
    CSR_WRITE(mcounteren, 0);
    pmp_init(start, size);
}
