/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "arch/cortexm.h"

#include "scs.h"

static void reset(const struct hil_reset *self)
{
    (void)self;
    barrier();
    SCB->aircr = AIRCR_KEY | AIRCR_SYSRESETREQ;
    barrier();
    arch_halt();
}

const struct hil_reset cortexm_system_reset = {reset};
