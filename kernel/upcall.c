/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "upcall.h"

#include "fault.h"
#include "grant.h"
#include "lifecycle.h"
#include "queue.h"

/*
 * Who gets in when the queue fills up. A flood of events that nobody collects
 * must not keep a process from the one it waits for, nor from one that it is
 * about to wait for: drivers often answer before the process is in WaitFor.
 * - of one id, at most UPCALL_NULL_PER_ID null upcalls wait, the newest;
 * - upcalls with a function take at most UPCALL_QUEUE_COMMON places, so that
 *   one is left for an id that is not in the queue yet;
 * - in a full queue, an upcall with a function, or awaited, or the first of
 *   its id, pushes out the oldest null upcall.
 */
static bool make_room(struct process *p, const struct upcall *upcall)
{
    struct upcall_queue *queue = &p->upcalls;
    bool is_first = !queue_has(queue, upcall->id);
    bool is_awaited = is_first && p->state == PROCESS_YIELDED_FOR &&
                      upcall_id_equal(upcall->id, p->awaited);

    if (upcall->fn == 0 &&
        queue_count_null(queue, upcall->id) == UPCALL_NULL_PER_ID) {
        queue_evict_null_id(queue, upcall->id);
        p->dropped_upcalls++;
    }
    if (upcall->fn != 0 && !is_awaited &&
        queue_count_calls(queue) >= UPCALL_QUEUE_COMMON) {
        p->dropped_upcalls++;
        return false;
    }
    if (queue->count < UPCALL_QUEUE_COUNT)
        return true;
    p->dropped_upcalls++; /* the one that is pushed out, or this one */
    return (upcall->fn != 0 || is_first) && queue_evict_null(queue);
}

enum tock_error upcall_schedule(const struct driver *driver,
                                struct process *process, uint32_t number,
                                uint32_t arg0, uint32_t arg1, uint32_t arg2)
{
    const struct grant_slot *slot =
        grant_slot_existing(driver, process, GRANT_UPCALL, number);

    if (!process_is_alive(process))
        return TOCK_NODEVICE;
    if (driver->grant == NULL || number >= driver->grant->upcalls)
        return TOCK_INVAL;
    if (slot == NULL)
        return TOCK_NOMEM;

    struct upcall upcall = {
        .id = {driver->index, (uint16_t)number},
        .fn = slot->first,
        .userdata = slot->second,
        .args = {arg0, arg1, arg2},
    };

    if (!make_room(process, &upcall))
        return TOCK_NOMEM;
    queue_add(&process->upcalls, &upcall);
    return TOCK_OK;
}

static void call(struct process *p, uint32_t fn, const uint32_t args[4])
{
    p->state = PROCESS_RUNNING;
    if (!arch_push_call(&p->context, &p->bounds, fn, args))
        process_fault(p, PROCESS_FAULT_STACK);
}

static void deliver_first_call(struct process *p)
{
    const uint32_t args[4] = {
        p->flash_start + p->protected_size,
        p->bounds.ram_start,
        p->ram.size,
        p->bounds.app_break,
    };

    p->is_fresh = false;
    call(p, p->entry, args);
}

static void deliver_oldest(struct process *p)
{
    struct upcall upcall;

    if (!queue_skip_null(&p->upcalls) || !queue_take(&p->upcalls, &upcall))
        return;

    const uint32_t args[4] = {upcall.args[0], upcall.args[1], upcall.args[2],
                              upcall.userdata};

    call(p, upcall.fn, args);
}

/* WaitFor runs no function: the arguments are its results. */
static void deliver_awaited(struct process *p)
{
    struct upcall upcall;

    if (!queue_take_id(&p->upcalls, p->awaited, &upcall))
        return;
    p->state = PROCESS_RUNNING;
    if (!arch_set_return(&p->context, &p->bounds, upcall.args,
                         ARRAY_COUNT(upcall.args)))
        process_fault(p, PROCESS_FAULT_STACK);
}

void upcall_deliver(struct process *p)
{
    if (p->state == PROCESS_YIELDED_FOR)
        deliver_awaited(p);
    else if (p->is_fresh)
        deliver_first_call(p);
    else
        deliver_oldest(p);
}
