/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "deferred.h"

#include "state.h"

static void append(struct deferred **first, struct deferred **last,
                   struct deferred *self)
{
    if (self->is_set)
        return;
    self->is_set = true;
    self->next = NULL;
    if (*first == NULL)
        *first = self;
    else
        (*last)->next = self;
    *last = self;
}

static void run_first(struct deferred **list)
{
    struct deferred *first = *list;

    *list = first->next;
    first->is_set = false;
    first->run(first);
}

void deferred_set(struct deferred *self)
{
    append(&kernel.deferred_first, &kernel.deferred_last, self);
}

void deferred_set_first(struct deferred *self)
{
    if (self->is_set)
        return;
    self->is_set = true;
    self->next = kernel.deferred_first;
    if (kernel.deferred_first == NULL)
        kernel.deferred_last = self;
    kernel.deferred_first = self;
}

void deferred_set_background(struct deferred *self)
{
    append(&kernel.background_first, &kernel.background_last, self);
}

void deferred_run_one(void)
{
    run_first(&kernel.deferred_first);
}

void background_run_one(void)
{
    run_first(&kernel.background_first);
}
