/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "queue.h"

#include "state.h"

/* The queue is so short that it is kept packed: entry 0 is the oldest. */
static void remove_at(struct upcall_queue *queue, uint32_t at)
{
    queue->count--;
    for (; at < queue->count; at++) {
        queue->ids[at] = queue->ids[at + 1];
        queue->args[at] = queue->args[at + 1];
    }
}

/* Index of the oldest of this id, or count. */
static uint32_t find(const struct upcall_queue *queue, struct upcall_id id)
{
    uint32_t at = 0;

    while (at < queue->count && !upcall_id_equal(queue->ids[at], id))
        at++;
    return at;
}

bool queue_has(const struct upcall_queue *queue, struct upcall_id id)
{
    return find(queue, id) < queue->count;
}

bool queue_take_id(struct upcall_queue *queue, struct upcall_id id,
                   struct upcall_args *out)
{
    uint32_t at = find(queue, id);

    if (at == queue->count)
        return false;
    *out = queue->args[at];
    remove_at(queue, at);
    return true;
}

void queue_add(struct upcall_queue *queue, struct upcall_id id,
               const struct upcall_args *args)
{
    kernel_assert(queue->count < UPCALL_QUEUE_COUNT);
    queue->ids[queue->count] = id;
    queue->args[queue->count] = *args;
    queue->count++;
}

void queue_remove_some(struct upcall_queue *queue, struct upcall_id id,
                       uint32_t arg0)
{
    uint32_t at = 0;

    while (at < queue->count) {
        if (upcall_id_equal(queue->ids[at], id) &&
            queue->args[at].words[0] == arg0)
            remove_at(queue, at);
        else
            at++;
    }
}

void queue_remove_all(struct upcall_queue *queue, struct upcall_id id)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < queue->count; i++) {
        if (upcall_id_equal(queue->ids[i], id))
            continue;
        queue->ids[kept] = queue->ids[i];
        queue->args[kept] = queue->args[i];
        kept++;
    }
    queue->count = (uint8_t)kept;
}

uint32_t queue_count_id(const struct upcall_queue *queue, struct upcall_id id)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < queue->count; i++)
        count += upcall_id_equal(queue->ids[i], id);
    return count;
}

void queue_remove_id(struct upcall_queue *queue, struct upcall_id id)
{
    uint32_t at = find(queue, id);

    if (at < queue->count)
        remove_at(queue, at);
}

struct grant_slot queue_function(const struct process *p, struct upcall_id id)
{
    const struct grant_slot *slot = grant_slot_existing(
        kernel.config->drivers[id.driver].driver, p, GRANT_UPCALL, id.number);

    if (slot == NULL)
        return (struct grant_slot){0};
    return *slot;
}

static bool is_null(const struct process *p, uint32_t at)
{
    return queue_function(p, p->upcalls.ids[at]).first == 0;
}

uint32_t queue_count_calls(const struct process *p)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < p->upcalls.count; i++)
        count += !is_null(p, i);
    return count;
}

bool queue_skip_null(struct process *p)
{
    while (p->upcalls.count != 0 && is_null(p, 0))
        remove_at(&p->upcalls, 0);
    return p->upcalls.count != 0;
}

struct upcall_id queue_take(struct upcall_queue *queue, struct upcall_args *out)
{
    struct upcall_id id = queue->ids[0];

    *out = queue->args[0];
    remove_at(queue, 0);
    return id;
}

bool queue_evict_null(struct process *p)
{
    for (uint32_t i = 0; i < p->upcalls.count; i++) {
        if (is_null(p, i)) {
            remove_at(&p->upcalls, i);
            return true;
        }
    }
    return false;
}
