/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "qemu_rv32_virt/chip.h"

#include "arch/rv32i.h"

/* The machine's map: hw/riscv/virt.c of QEMU 7.2 and `info mtree`. */
#define CLINT_ADDR  0x02000000u
#define PLIC_ADDR   0x0c000000u
#define UART_ADDR   0x10000000u
#define UART_SOURCE 10u
#define TIMER_HZ    10000000u

static bool has_work(struct hil_chip *chip)
{
    (void)chip;
    return rv32i_irq_pending() != 0;
}

static void serve_external(struct qemu_rv32_virt *self)
{
    for (;;) {
        uint32_t source = plic_claim(self->plic);

        if (source == 0)
            return;
        if (source == UART_SOURCE)
            uart16550_serve(&self->uart);
        plic_complete(self->plic, source);
    }
}

static void serve(struct hil_chip *chip)
{
    struct qemu_rv32_virt *self = (void *)chip; /* first member */
    uint32_t pending = rv32i_irq_pending();

    if (pending & RV32I_IRQ_TIMER)
        clint_serve(&self->timer);
    if (pending & RV32I_IRQ_EXTERNAL)
        serve_external(self);
}

static const struct hil_chip_ops chip_ops = {
    .has_work = has_work,
    .serve = serve,
};

void qemu_rv32_virt_init(struct qemu_rv32_virt *self)
{
    self->chip.ops = &chip_ops;
    self->plic = (volatile struct plic_regs *)PLIC_ADDR;
    uart16550_init(&self->uart, (volatile struct uart16550_regs *)UART_ADDR);
    clint_init(&self->timer, (volatile struct clint_regs *)CLINT_ADDR,
               TIMER_HZ);
    plic_enable(self->plic, UART_SOURCE);
    rv32i_irq_enable(RV32I_IRQ_TIMER | RV32I_IRQ_EXTERNAL);
}
