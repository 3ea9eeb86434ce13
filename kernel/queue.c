/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "queue.h"

#include "kernel/kernel.h"

/* The queue is so short that it is kept packed: entry 0 is the oldest. */
static void remove_at(struct upcall_queue *queue, uint32_t at)
{
    queue->count--;
    for (; at < queue->count; at++)
        queue->entries[at] = queue->entries[at + 1];
}

static bool is_null_of(const struct upcall *upcall, struct upcall_id id)
{
    return upcall->fn == 0 && upcall_id_equal(upcall->id, id);
}

bool queue_has(const struct upcall_queue *queue, struct upcall_id id)
{
    for (uint32_t i = 0; i < queue->count; i++) {
        if (upcall_id_equal(queue->entries[i].id, id))
            return true;
    }
    return false;
}

bool queue_take(struct upcall_queue *queue, struct upcall *out)
{
    if (queue->count == 0)
        return false;
    *out = queue->entries[0];
    remove_at(queue, 0);
    return true;
}

bool queue_take_id(struct upcall_queue *queue, struct upcall_id id,
                   struct upcall *out)
{
    for (uint32_t i = 0; i < queue->count; i++) {
        if (upcall_id_equal(queue->entries[i].id, id)) {
            *out = queue->entries[i];
            remove_at(queue, i);
            return true;
        }
    }
    return false;
}

void queue_add(struct upcall_queue *queue, const struct upcall *upcall)
{
    kernel_assert(queue->count < UPCALL_QUEUE_COUNT);
    queue->entries[queue->count++] = *upcall;
}

void queue_remove_all(struct upcall_queue *queue, struct upcall_id id)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < queue->count; i++) {
        if (!upcall_id_equal(queue->entries[i].id, id))
            queue->entries[kept++] = queue->entries[i];
    }
    queue->count = kept;
}

bool queue_skip_null(struct upcall_queue *queue)
{
    while (queue->count != 0 && queue->entries[0].fn == 0)
        remove_at(queue, 0);
    return queue->count != 0;
}

bool queue_evict_null(struct upcall_queue *queue)
{
    for (uint32_t i = 0; i < queue->count; i++) {
        if (queue->entries[i].fn == 0) {
            remove_at(queue, i);
            return true;
        }
    }
    return false;
}

uint32_t queue_count_null(const struct upcall_queue *queue, struct upcall_id id)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < queue->count; i++)
        count += is_null_of(&queue->entries[i], id);
    return count;
}

uint32_t queue_count_calls(const struct upcall_queue *queue)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < queue->count; i++)
        count += queue->entries[i].fn != 0;
    return count;
}

void queue_evict_null_id(struct upcall_queue *queue, struct upcall_id id)
{
    for (uint32_t i = 0; i < queue->count; i++) {
        if (is_null_of(&queue->entries[i], id)) {
            remove_at(queue, i);
            return;
        }
    }
}
