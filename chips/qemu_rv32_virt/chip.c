/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "qemu_rv32_virt/chip.h"

#include "arch/rv32i.h"
#include "base/attr.h"
#include "relay.h"

#include <stddef.h>

/* The machine's map: hw/riscv/virt.c of QEMU 7.2 and `info mtree`. The second
 * socket's PLIC and CLINT lie behind the first one's. */
#define CLINT_ADDR  0x02000000u
#define PLIC_ADDR   0x0c000000u
#define PLIC_STEP   0x00600000u
#define MSIP_ADDR   0x02000000u
#define MSIP_STEP   0x00010000u
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

static void serve_plic(struct qemu_rv32_virt *self,
                       volatile struct plic_regs *plic)
{
    for (;;) {
        uint32_t source = plic_claim(plic);

        if (source == 0)
            return;
        serve_source(self, source);
        plic_complete(plic, source);
    }
}

static void set_software_interrupt(uint32_t hart, bool is_set)
{
    *(volatile uint32_t *)(MSIP_ADDR + hart * MSIP_STEP) = is_set;
}

/* What hart 1 has passed on. */
static void serve_relay(struct qemu_rv32_virt *self)
{
    set_software_interrupt(0, false);
    serve_plic(self, self->virtio_plic);
    set_software_interrupt(1, true);
}

static void serve(struct hil_chip *chip)
{
    struct qemu_rv32_virt *self = (void *)chip; /* first member */
    uint32_t pending = rv32i_irq_pending();

    if (pending & RV32I_IRQ_TIMER)
        clint_serve(&self->timer);
    if (pending & RV32I_IRQ_EXTERNAL)
        serve_plic(self, self->plic);
    if (pending & RV32I_IRQ_SOFTWARE)
        serve_relay(self);
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
    if (!self->has_entropy && virtio_entropy_init(&self->entropy, regs)) {
        self->has_entropy = true;
        return &self->entropy.device;
    }
    return NULL;
}

void qemu_rv32_virt_find_devices(struct qemu_rv32_virt *self)
{
    const uintptr_t second = PLIC_ADDR + PLIC_STEP;

    self->virtio_plic = relay_probe((const volatile uint32_t *)second)
                            ? (volatile struct plic_regs *)second
                            : self->plic;
    for (uint32_t i = 0; i < ARRAY_COUNT(self->virtio); i++) {
        uintptr_t addr = VIRTIO_ADDR + i * VIRTIO_STEP;

        self->virtio[i] =
            find_driver(self, (volatile struct virtio_regs *)addr);
        if (self->virtio[i] != NULL)
            plic_enable(self->virtio_plic, VIRTIO_SOURCE + i);
    }
}

void qemu_rv32_virt_init(struct qemu_rv32_virt *self)
{
    self->chip.ops = &chip_ops;
    self->plic = (volatile struct plic_regs *)PLIC_ADDR;
    self->virtio_plic = self->plic;
    uart16550_init(&self->uart, (volatile struct uart16550_regs *)UART_ADDR);
    clint_init(&self->timer, (volatile struct clint_regs *)CLINT_ADDR,
               TIMER_HZ);
    plic_enable(self->plic, UART_SOURCE);
    rv32i_irq_enable(RV32I_IRQ_TIMER | RV32I_IRQ_EXTERNAL | RV32I_IRQ_SOFTWARE);
}
