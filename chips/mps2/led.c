/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "mps2/led.h"

#include "regs.h"

static void set(struct hil_led *led, bool is_lit)
{
    struct mps2_led *self = (struct mps2_led *)led;
    uint32_t others = self->fpgaio->led0 & ~self->mask;

    self->fpgaio->led0 = others | (is_lit ? self->mask : 0);
}

static bool get(struct hil_led *led)
{
    struct mps2_led *self = (struct mps2_led *)led;

    return (self->fpgaio->led0 & self->mask) != 0;
}

void mps2_led_init(struct mps2_led *self, struct fpgaio_regs *fpgaio,
                   uint32_t bit)
{
    static const struct hil_led_ops ops = {set, get};

    *self = (struct mps2_led){{&ops}, fpgaio, 1u << bit};
}
