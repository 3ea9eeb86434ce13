/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "clock_entropy.h"

#include "capsule/self.h"

static enum tock_error gather(struct hil_entropy *entropy, uint32_t *word)
{
    struct clock_entropy *self =
        CAPSULE_SELF(struct clock_entropy, entropy, entropy);

    *word = self->clock->ops->now(self->clock);
    return TOCK_OK;
}

struct hil_entropy *clock_entropy_init(struct clock_entropy *self,
                                       struct hil_alarm *clock)
{
    static const struct hil_entropy_ops ops = {.gather = gather};

    *self = (struct clock_entropy){.entropy = {.ops = &ops}, .clock = clock};
    return &self->entropy;
}
