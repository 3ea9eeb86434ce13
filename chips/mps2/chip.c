/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "mps2/chip.h"

#include "arch/cortexm.h"
#include "regs.h"

#define BAUD 115200u

static void serve_uart0(struct mps2 *self)
{
    cmsdk_uart_serve(&self->uart0);
}

static void serve_uart1(struct mps2 *self)
{
    cmsdk_uart_serve(&self->uart1);
}

static void serve_alarm(struct mps2 *self)
{
    mps2_alarm_serve(&self->alarm);
}

struct line {
    const uint32_t *irq; /* in mps2_map */
    void (*serve)(struct mps2 *self);
};

static const struct line lines[] = {
    {&mps2_map.irq_uart0_rx, serve_uart0},
    {&mps2_map.irq_uart0_tx, serve_uart0},
    {&mps2_map.irq_uart1_rx, serve_uart1},
    {&mps2_map.irq_uart1_tx, serve_uart1},
    {&mps2_map.irq_timer0, serve_alarm},
};

static bool has_work(struct hil_chip *chip)
{
    (void)chip;
    return cortexm_irq_waits();
}

/*
 * All lines here are levels that the service ends. The pending state is
 * cleared after it: before, the line would still be high and set it again.
 * One that rises anew in between stays pending, for the line is high.
 */
static void serve(struct hil_chip *chip)
{
    struct mps2 *self = (struct mps2 *)chip;

    cortexm_irq_begin();
    for (uint32_t i = 0; i < ARRAY_COUNT(lines); i++) {
        uint32_t irq = *lines[i].irq;

        if (!cortexm_irq_is_pending(irq))
            continue;
        lines[i].serve(self);
        cortexm_irq_clear_pending(irq);
        cortexm_irq_enable(irq);
    }
}

static const struct hil_chip_ops ops = {has_work, serve};

void mps2_init(struct mps2 *self)
{
    self->chip.ops = &ops;
    cmsdk_uart_init(&self->uart0, (struct cmsdk_uart_regs *)mps2_map.uart0,
                    mps2_map.clock_hz, BAUD);
    cmsdk_uart_init(&self->uart1, (struct cmsdk_uart_regs *)mps2_map.uart1,
                    mps2_map.clock_hz, BAUD);
    mps2_alarm_init(&self->alarm, (struct fpgaio_regs *)mps2_map.fpgaio,
                    (struct cmsdk_timer_regs *)mps2_map.timer0,
                    mps2_map.clock_hz);
    for (uint32_t i = 0; i < MPS2_LED_COUNT; i++)
        mps2_led_init(&self->leds[i], (struct fpgaio_regs *)mps2_map.fpgaio, i);
    for (uint32_t i = 0; i < ARRAY_COUNT(lines); i++)
        cortexm_irq_enable(*lines[i].irq);
}

bool mps2_has_option(enum mps2_option option)
{
    return *(volatile const uint32_t *)mps2_map.options == (uint32_t)option;
}
