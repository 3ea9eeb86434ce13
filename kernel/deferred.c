/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "deferred.h"

#include "state.h"

void deferred_set(struct deferred *self)
{
    if (self->is_set)
        return;
    self->is_set = true;
    self->next = NULL;
    if (kernel.deferred_first == NULL)
        kernel.deferred_first = self;
    else
        kernel.deferred_last->next = self;
    kernel.deferred_last = self;
}

void deferred_run_one(void)
{
    struct deferred *first = kernel.deferred_first;

    kernel.deferred_first = first->next;
    first->is_set = false;
    first->run(first);
}
