/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "upcall.h"

#include "grant.h"
#include "lifecycle.h"
#include "queue.h"
#include "state.h"

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
static void count_dropped(struct process *p)
{
    if (p->dropped_upcalls != UINT16_MAX)
        p->dropped_upcalls++;
}

static NOINLINE bool make_room(struct process *p, struct upcall_id id,
                               bool is_null)
{
    struct upcall_queue *queue = &p->upcalls;
    bool is_first = !queue_has(queue, id);
    bool is_awaited = is_first && process_activity(p) == PROCESS_YIELDED_FOR &&
                      upcall_id_equal(id, p->upcalls.awaited);

    if (is_null && queue_count_id(queue, id) == UPCALL_NULL_PER_ID) {
        queue_remove_id(queue, id);
        count_dropped(p);
    }
    if (!is_null && !is_awaited &&
        queue_count_calls(p) >= UPCALL_QUEUE_COMMON) {
        count_dropped(p);
        return false;
    }
    if (queue->count < UPCALL_QUEUE_COUNT)
        return true;
    count_dropped(p); /* the one that is pushed out, or this one */
    return (!is_null || is_first) && queue_evict_null(p);
}

/*
 * Events come from hardware and drivers while no process runs, and then the
 * scheduler is asked anyway. One that a process causes for another by a
 * system call may make that other one ready, and more urgent, unless all run in
 * turn.
 */
static void look_again(struct deferred *nothing)
{
    (void)nothing;
}

static void tell_scheduler(const struct process *woken)
{
    if (kernel.running == NULL || kernel.running == woken ||
        kernel.config->scheduler->ops->is_in_turn)
        return;
    kernel.reschedule.run = look_again;
    deferred_set(&kernel.reschedule);
}

enum tock_error upcall_schedule(const struct driver *driver,
                                struct process *process, uint32_t number,
                                uint32_t arg0, uint32_t arg1, uint32_t arg2)
{
    if (!process_is_alive(process))
        return TOCK_NODEVICE;
    if (driver->grant == NULL || number >= driver->grant->upcalls)
        return TOCK_INVAL;
    if (!grant_exists(driver, process))
        return TOCK_NOMEM;

    struct upcall_id id = {driver->index, (uint8_t)number};
    struct upcall_args args = {{arg0, arg1, arg2}};

    /* A queue with so few in it holds no more of one id than it may. */
    if (process->upcalls.count >= UPCALL_NULL_PER_ID &&
        !make_room(process, id, queue_function(process, id) == NULL))
        return TOCK_NOMEM;
    queue_add(&process->upcalls, id, &args);
    tell_scheduler(process);
    return TOCK_OK;
}

void upcall_cancel(const struct driver *driver, struct process *process,
                   uint32_t number, uint32_t arg0)
{
    if (number <= UINT8_MAX)
        queue_remove_some(&process->upcalls,
                          (struct upcall_id){driver->index, (uint8_t)number},
                          arg0);
}

uint32_t upcall_count(const struct process *process)
{
    return process->upcalls.count;
}

static void tell_driver(struct process *p, struct upcall_id id,
                        struct upcall_args *upcall)
{
    struct driver *driver = queue_driver(id);

    if (driver->ops->delivered != NULL)
        driver->ops->delivered(driver, p, id.number, upcall->words);
}

/* One without a function is dropped; the process then goes on waiting. */
static void deliver_oldest(struct process *p)
{
    struct upcall_args upcall;
    struct upcall_id id = queue_take(&p->upcalls, &upcall);
    const struct grant_slot *function = queue_function(p, id);

    if (function == NULL)
        return;
    tell_driver(p, id, &upcall);

    const uint32_t args[4] = {upcall.words[0], upcall.words[1], upcall.words[2],
                              function->second};

    p->state = PROCESS_RUNNING;
    arch_push_call(&p->context, function->first, args);
}

/* WaitFor runs no function: the arguments are its results. */
static void deliver_awaited(struct process *p)
{
    struct upcall_args upcall;

    if (!queue_take_id(&p->upcalls, p->upcalls.awaited, &upcall))
        return;
    tell_driver(p, p->upcalls.awaited, &upcall);
    p->state = PROCESS_RUNNING;
    arch_answer(arch_registers(&p->context), upcall.words,
                ARRAY_COUNT(upcall.words));
}

void upcall_deliver(struct process *p)
{
    if (p->state == PROCESS_YIELDED_FOR)
        deliver_awaited(p);
    else
        deliver_oldest(p);
}
