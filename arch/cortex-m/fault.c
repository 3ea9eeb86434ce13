/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/cortexm.h"

#include "base/attr.h"
#include "scs.h"
#include "state.h"
#include "variant.h"

/* Fault status at the time of a fault; CFSR and HFSR of B3.2.15 and .16. */
struct fault_status {
    uint32_t cfsr;
    uint32_t hfsr;
    uint32_t mmfar;
    uint32_t bfar;
    uint32_t sfsr; /* of ARMv8-M; a SecureFault is a forced hard fault here */
};

enum {
    CFSR_MUNSTKERR = 1 << 3,
    CFSR_MSTKERR = 1 << 4,
    CFSR_MMARVALID = 1 << 7,
    CFSR_UNSTKERR = 1 << 11,
    CFSR_STKERR = 1 << 12,
    CFSR_BFARVALID = 1 << 15,
    /* Any of these: what is on the stack is no frame. */
    CFSR_NO_FRAME = CFSR_MUNSTKERR | CFSR_MSTKERR | CFSR_UNSTKERR | CFSR_STKERR,
    HFSR_VECTTBL = 1 << 1,
    HFSR_FORCED = 1 << 30,
};

struct bit_label {
    uint32_t bit;
    const char *label;
};

static const struct bit_label cfsr_labels[] = {
    {0x00000001, "Instruction Access Violation:"},
    {0x00000002, "Data Access Violation:"},
    {0x00000008, "Memory Management Unstacking Fault:"},
    {0x00000010, "Memory Management Stacking Fault:"},
    {0x00000020, "Memory Management Lazy FP Fault:"},
    {0x00000100, "Instruction Bus Error:"},
    {0x00000200, "Precise Data Bus Error:"},
    {0x00000400, "Imprecise Data Bus Error:"},
    {0x00000800, "Bus Unstacking Fault:"},
    {0x00001000, "Bus Stacking Fault:"},
    {0x00002000, "Bus Lazy FP Fault:"},
    {0x00010000, "Undefined Instruction Usage Fault:"},
    {0x00020000, "Invalid State Usage Fault:"},
    {0x00040000, "Invalid PC Load Usage Fault:"},
    {0x00080000, "No Coprocessor Usage Fault:"},
    {0x00100000, "Stack Limit Usage Fault:"},
    {0x01000000, "Unaligned Access Usage Fault:"},
    {0x02000000, "Divide By Zero:"},
};

static const struct bit_label hfsr_labels[] = {
    {HFSR_VECTTBL, "Bus Fault on Vector Table Read:"},
    {HFSR_FORCED, "Forced Hard Fault:"},
};

static const struct bit_label sfsr_labels[] = {
    {0x00000001, "Invalid Secure Entry Point:"},
    {0x00000002, "Invalid Secure Integrity Signature:"},
    {0x00000004, "Invalid Secure Exception Return:"},
    {0x00000008, "Secure Attribution Violation:"},
    {0x00000010, "Invalid Secure Transition:"},
};

/* Printed for a register whose value is lost with the frame. */
#define LOST 0xbad00badu

/* Of the process's fault; valid while the turn is TURN_FAULTED. */
static struct fault_status last;

/* Of a fault in the kernel itself; frame is null if its stack is used up. */
static struct {
    const struct frame *frame;
    const uint32_t *r4_to_r11;
} kernel_fault;

/* The address registers come first: clearing CFSR ends their validity. */
static void read_status(struct fault_status *out)
{
    out->mmfar = SCB->mmfar;
    out->bfar = SCB->bfar;
    out->cfsr = SCB->cfsr;
    out->hfsr = SCB->hfsr;
    out->sfsr = variant_take_secure_status();
}

uint32_t fault_record(uint32_t turn)
{
    if (turn == TURN_FAULTED) {
        read_status(&last);
        SCB->cfsr = last.cfsr;
        SCB->hfsr = last.hfsr;
    }
    return ARCH_TRAP_FAULT;
}

struct printer {
    arch_put put;
    void *sink;
};

static void put_text(const struct printer *to, const char *text)
{
    to->put(to->sink, text);
}

static void put_hex(const struct printer *to, uint32_t value)
{
    char text[11] = "0x";

    for (uint32_t i = 0; i < 8; i++)
        text[2 + i] = "0123456789ABCDEF"[value >> (28 - 4 * i) & 15u];
    text[10] = '\0';
    put_text(to, text);
}

/* The label, padded to the column of the values. */
static void put_label(const struct printer *to, const char *label)
{
    uint32_t column = 0;

    put_text(to, label);
    while (label[column] != '\0')
        column++;
    for (; column < 36; column++)
        put_text(to, " ");
}

static void put_bits(const struct printer *to, const struct bit_label *labels,
                     uint32_t count, uint32_t value)
{
    for (uint32_t i = 0; i < count; i++)
        if ((value & labels[i].bit) != 0) {
            put_label(to, labels[i].label);
            put_text(to, "true\r\n");
        }
}

static void put_value(const struct printer *to, const char *label,
                      uint32_t value)
{
    put_label(to, label);
    put_hex(to, value);
    put_text(to, "\r\n");
}

static void put_status(const struct printer *to, const struct fault_status *s)
{
    put_text(to, "---| Cortex-M Fault Status |---\r\n");
    put_bits(to, cfsr_labels, ARRAY_COUNT(cfsr_labels), s->cfsr);
    put_bits(to, hfsr_labels, ARRAY_COUNT(hfsr_labels), s->hfsr);
    put_bits(to, sfsr_labels, ARRAY_COUNT(sfsr_labels), s->sfsr);
    if ((s->cfsr & CFSR_MMARVALID) != 0)
        put_value(to, "Faulting Memory Address:", s->mmfar);
    if ((s->cfsr & CFSR_BFARVALID) != 0)
        put_value(to, "Bus Fault Address:", s->bfar);
    put_value(to, "Fault Status Register (CFSR):", s->cfsr);
    put_value(to, "Hard Fault Status Register (HFSR):", s->hfsr);
}

static void put_register(const struct printer *to, const char *name,
                         uint32_t value, const char *end)
{
    put_text(to, name);
    put_hex(to, value);
    put_text(to, end);
}

static void put_general(const struct printer *to, const struct frame *f,
                        const uint32_t r4_to_r11[8])
{
    put_register(to, "  R0 : ", f->r0_to_r3[0], "");
    put_register(to, "    R6 : ", r4_to_r11[2], "\r\n");
    put_register(to, "  R1 : ", f->r0_to_r3[1], "");
    put_register(to, "    R7 : ", r4_to_r11[3], "\r\n");
    put_register(to, "  R2 : ", f->r0_to_r3[2], "");
    put_register(to, "    R8 : ", r4_to_r11[4], "\r\n");
    put_register(to, "  R3 : ", f->r0_to_r3[3], "");
    put_register(to, "    R10: ", r4_to_r11[6], "\r\n");
    put_register(to, "  R4 : ", r4_to_r11[0], "");
    put_register(to, "    R11: ", r4_to_r11[7], "\r\n");
    put_register(to, "  R5 : ", r4_to_r11[1], "");
    put_register(to, "    R12: ", f->r12, "\r\n");
    put_register(to, "  R9 : ", r4_to_r11[5], " (Static Base Register)\r\n");
}

static void put_special(const struct printer *to, const struct frame *f)
{
    put_register(to, "  LR : ", f->lr, "\r\n");
    put_register(to, "  PC : ", f->pc, "\r\n");
    put_register(to, "  PSR: ", f->xpsr, "\r\n");
}

static const struct frame lost_frame = {
    .r0_to_r3 = {LOST, LOST, LOST, LOST},
    .r12 = LOST,
    .lr = LOST,
    .pc = LOST,
    .xpsr = LOST,
};

/* What a process that no exception stopped may have done to its stack. */
static void put_no_exception(const struct printer *to,
                             const struct frame *frame)
{
    if (frame == NULL)
        put_text(to, "Stack pointer outside the process's RAM.\r\n");
    else if (!frame_can_return(frame))
        put_text(to, "Stacked PSR holds an exception number.\r\n");
    else
        put_text(to, "No Cortex-M faults detected.\r\n");
}

void arch_describe_fault(const struct arch_context *ctx,
                         const struct arch_bounds *bounds, arch_put put,
                         void *sink)
{
    const struct printer to = {put, sink};
    const struct frame *frame = frame_of(ctx, bounds);

    if (cortexm_state.turn == TURN_FAULTED) {
        put_status(&to, &last);
        if ((last.cfsr & CFSR_NO_FRAME) != 0 || last.sfsr != 0)
            frame = NULL;
    } else {
        put_no_exception(&to, frame);
    }
    if (frame == NULL)
        frame = &lost_frame;
    put_general(&to, frame, ctx->r4_to_r11);
    put_register(&to, "  SP : ", ctx->psp, " (Process Stack Pointer)\r\n");
    put_special(&to, frame);
    put_register(&to, "  YPC: ", ctx->yield_pc, "\r\n");
}

static void describe_kernel_fault(arch_put put, void *sink)
{
    const struct printer to = {put, sink};
    const struct frame *frame = kernel_fault.frame;
    struct fault_status status;

    read_status(&status);
    put_value(&to, "Exception:", SCB->icsr & 0x1ffu);
    put_status(&to, &status);
    put_general(&to, frame != NULL ? frame : &lost_frame,
                kernel_fault.r4_to_r11);
    put_special(&to, frame != NULL ? frame : &lost_frame);
}

_Noreturn void cortexm_kernel_fault(const struct frame *frame,
                                    const uint32_t r4_to_r11[8]);

/* Called by context.S only. */
void cortexm_kernel_fault(const struct frame *frame,
                          const uint32_t r4_to_r11[8])
{
    kernel_fault.frame = frame;
    kernel_fault.r4_to_r11 = r4_to_r11;
    kernel_exception(frame != NULL ? "kernel fault" : "kernel stack overflow",
                     describe_kernel_fault);
}
