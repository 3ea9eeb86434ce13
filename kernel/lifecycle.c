/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "lifecycle.h"

#include "kernel/debug.h"
#include "memory.h"
#include "queue.h"
#include "share.h"
#include "state.h"

bool process_is_answered(const struct process *p)
{
    return queue_has(&p->upcalls, p->upcalls.awaited);
}

static void push_first_call(struct process *p, uint32_t entry)
{
    const uint32_t args[4] = {
        p->flash_start + p->protected_size,
        p->bounds.ram_start,
        p->ram.size,
        p->bounds.app_break,
    };

    arch_context_reset(&p->context, &p->bounds);
    arch_push_call(&p->context, entry, args);
}

bool process_begin(struct process *p, uint32_t entry)
{
    share_end(p);
    if (!process_reset_memory(p))
        return false;
    push_first_call(p, entry);
    if (p->slot >= kernel.slots_used)
        kernel.slots_used = p->slot + 1u;
    p->id = kernel.next_id++;
    p->syscall_count = 0;
    p->dropped_upcalls = 0;
    p->expired_slices = 0;
    p->stack_top = 0;
    p->heap_start = 0;
    p->last_class = PROCESS_NO_SYSCALL;
    p->is_watched = false;
    p->state = PROCESS_RUNNING;
    return true;
}

static void tell_drivers(struct process_ref gone)
{
    for (uint32_t i = 0; i < kernel.config->driver_count; i++) {
        struct driver *driver = kernel.config->drivers[i].driver;

        if (driver->ops->process_gone != NULL)
            driver->ops->process_gone(driver, gone);
    }
}

/* Grants and buffers need no clearing: only those of alive processes can be
 * reached, and a new life begins with a wiped block. */
void process_end(struct process *p, enum process_state state)
{
    p->state = (uint8_t)state;
    p->upcalls.count = 0;
    tell_drivers(process_ref(p));
}

/* Its flash may have been changed since it was loaded. */
void process_boot(struct process *p)
{
    struct tbf_header header;

    if (p->restart_count != UINT16_MAX)
        p->restart_count++;
    if (!process_header(p, &header) ||
        !process_begin(p, p->flash_start + header.init_offset))
        debug_line("Process at %x cannot start again.",
                   (unsigned)p->flash_start);
}

void process_restart(struct process *p)
{
    process_end(p, PROCESS_TERMINATED);
    process_boot(p);
}

struct process_ref process_ref(const struct process *process)
{
    return (struct process_ref){.id = process->id, .slot = process->slot};
}

uint32_t process_slot(const struct process *process)
{
    return process->slot;
}

struct process *process_find(struct process_ref ref)
{
    if (ref.slot >= kernel.config->process_count)
        return NULL;

    struct process *p = &kernel.config->processes[ref.slot];

    return p->id == ref.id && process_is_alive(p) ? p : NULL;
}

struct process *process_in_slot(uint32_t slot)
{
    if (slot >= kernel.config->process_count ||
        kernel.config->processes[slot].state == PROCESS_EMPTY)
        return NULL;
    return &kernel.config->processes[slot];
}

struct process *process_next(const struct process *previous)
{
    uint32_t slot = previous == NULL ? 0 : previous->slot + 1u;

    for (; slot < kernel.config->process_count; slot++) {
        struct process *p = &kernel.config->processes[slot];

        if (process_is_alive(p))
            return p;
    }
    return NULL;
}
