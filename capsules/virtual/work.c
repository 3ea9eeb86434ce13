/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "work.h"

#include "capsule/self.h"

#include <stddef.h>

/* A step for one of the processes behind the last one's slot, or for one of
 * the others. */
static bool step_one(struct work *self, bool is_behind)
{
    struct process *process = process_next(NULL);
    uint32_t last = self->last_slot;

    for (; process != NULL; process = process_next(process)) {
        uint32_t slot = process_slot(process);

        if ((slot > last) == is_behind && self->step(self, process)) {
            self->last_slot = slot;
            return true;
        }
    }
    return false;
}

static void run(struct deferred *background)
{
    struct work *self = CAPSULE_SELF(struct work, background, background);

    if (step_one(self, true) || step_one(self, false))
        work_begin(self);
}

struct work work_make(bool (*step)(struct work *self, struct process *process))
{
    return (struct work){.step = step, .background = {.run = run}};
}

void work_begin(struct work *self)
{
    deferred_set_background(&self->background);
}
