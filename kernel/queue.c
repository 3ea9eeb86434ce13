/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "queue.h"

#include "state.h"

/* The queue is so short that it is kept packed: entry 0 is the oldest. */
void queue_remove_at(struct upcall_queue *queue, uint32_t at)
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
    queue_remove_at(queue, at);
    return true;
}

void queue_remove_some(struct upcall_queue *queue, struct upcall_id id,
                       uint32_t arg0)
{
    uint32_t at = 0;

    while (at < queue->count) {
        if (upcall_id_equal(queue->ids[at], id) &&
            queue->args[at].words[0] == arg0)
            queue_remove_at(queue, at);
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
        queue_remove_at(queue, at);
}

const struct grant_slot *queue_function(const struct process *p,
                                        struct upcall_id id)
{
    const struct grant_slot *slot =
        grant_slot_existing(queue_driver(id), p, GRANT_UPCALL, id.number);

    return slot != NULL && slot->first != 0 ? slot : NULL;
}

static bool is_null(const struct process *p, uint32_t at)
{
    return queue_function(p, p->upcalls.ids[at]) == NULL;
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
        queue_remove_at(&p->upcalls, 0);
    return p->upcalls.count != 0;
}

bool queue_evict_null(struct process *p)
{
    for (uint32_t i = 0; i < p->upcalls.count; i++) {
        if (is_null(p, i)) {
            queue_remove_at(&p->upcalls, i);
            return true;
        }
    }
    return false;
}
