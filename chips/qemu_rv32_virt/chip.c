/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "qemu_rv32_virt/chip.h"

#include "arch/rv32i.h"
#include "base/attr.h"

#include <stddef.h>

/* The machine's map: hw/riscv/virt.c of QEMU 7.2 and `info mtree`. */
#define CLINT_ADDR  0x02000000u
#define PLIC_ADDR   0x0c000000u
#define UART_ADDR   0x10000000u
#define UART_SOURCE 10u
/* Eight places for virtio devices, with the interrupt sources from 1 on. */
#define VIRTIO_ADDR   0x10001000u
#define VIRTIO_STEP   0x1000u
#define VIRTIO_SOURCE 1u
#define TIMER_HZ      10000000u

static bool has_work(struct hil_chip *chip)
{
    (void)chip;
    return rv32i_irq_pending() != 0;
}

static void serve_source(struct qemu_rv32_virt *self, uint32_t source)
{
    uint32_t place = source - VIRTIO_SOURCE;

    if (source == UART_SOURCE)
        uart16550_serve(&self->uart);
    else if (place < ARRAY_COUNT(self->virtio) && self->virtio[place] != NULL)
        virtio_serve(self->virtio[place]);
}

static void serve_external(struct qemu_rv32_virt *self)
{
    for (;;) {
        uint32_t source = plic_claim(self->plic);

        if (source == 0)
            return;
        serve_source(self, source);
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

/* The driver that takes the device at regs; null: none does. */
static struct virtio_device *find_driver(struct qemu_rv32_virt *self,
                                         volatile struct virtio_regs *regs)
{
    if (!self->has_side_port && virtio_console_init(&self->side_port, regs)) {
        self->has_side_port = true;
        return &self->side_port.device;
    }
    return NULL;
}

static void find_virtio(struct qemu_rv32_virt *self)
{
    for (uint32_t i = 0; i < ARRAY_COUNT(self->virtio); i++) {
        uintptr_t addr = VIRTIO_ADDR + i * VIRTIO_STEP;

        self->virtio[i] =
            find_driver(self, (volatile struct virtio_regs *)addr);
        if (self->virtio[i] != NULL)
            plic_enable(self->plic, VIRTIO_SOURCE + i);
    }
}

void qemu_rv32_virt_init(struct qemu_rv32_virt *self)
{
    self->chip.ops = &chip_ops;
    self->plic = (volatile struct plic_regs *)PLIC_ADDR;
    uart16550_init(&self->uart, (volatile struct uart16550_regs *)UART_ADDR);
    clint_init(&self->timer, (volatile struct clint_regs *)CLINT_ADDR,
               TIMER_HZ);
    plic_enable(self->plic, UART_SOURCE);
    find_virtio(self);
    rv32i_irq_enable(RV32I_IRQ_TIMER | RV32I_IRQ_EXTERNAL);
}
