/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/cortexm.h"

#include "scs.h"
#include "state.h"

/* Off, and what it may have done undone. */
static inline void reset(void)
{
    SYSTICK->csr = 0;
    SCB->icsr = ICSR_PENDSTCLR;
    barrier();
    cortexm_state.slice_over = 0;
}

static void start(struct hil_slice_timer *timer, uint32_t slice_us)
{
    struct systick *self = (struct systick *)timer;

    reset();
    self->slice_us = slice_us;
    SYSTICK->rvr = slice_us * self->ticks_per_us; /* 24 bits: arch/cortexm.h */
    SYSTICK->cvr = 0; /* any write: loads the reload value */
    SYSTICK->csr = SYSTICK_ENABLE | SYSTICK_TICKINT | SYSTICK_PROCESSOR_CLOCK;
}

/*
 * Its handler notes the end at once, for interrupts are enabled here. A
 * counter of 0 is no sign of it: it also reads 0 until its first tick after
 * the start.
 */
static uint32_t remaining_us(struct hil_slice_timer *timer)
{
    struct systick *self = (struct systick *)timer;
    uint32_t left = SYSTICK->cvr;

    if (cortexm_state.slice_over != 0)
        return 0;
    return left == 0 ? self->slice_us : left / self->ticks_per_us;
}

static void stop(struct hil_slice_timer *timer)
{
    (void)timer;
    reset();
}

static const struct hil_slice_timer_ops ops = {start, remaining_us, stop};

void systick_init(struct systick *self, uint32_t clock_hz)
{
    self->timer.ops = &ops;
    self->ticks_per_us = clock_hz / 1000000u;
    stop(&self->timer);
}
