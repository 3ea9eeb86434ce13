/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* What must hold of the processes and their memory after each step. */

#include "base/bits.h"
#include "computed.h"
#include "queue.h"
#include "stored.h"

enum { WRITABLE_MOST = 24 };
enum { SLOTS_MOST = 3 }; /* of one driver */

#define MAX_BLOCK 4096u

static uint64_t total_windows; /* seen open */

/* What a process's block was after the step before. */
static struct memory {
    uint32_t id;
    bool is_alive;
    struct place_block block;
    uint32_t enabled_end;
    uint8_t bytes[MAX_BLOCK];
    struct place_block writable[WRITABLE_MOST]; /* buffers */
} before[HOSTILE];

static void check_block(const struct process *p)
{
    uint32_t end = 0;
    uint32_t area_end = HOST_RAM_START + HOST_RAM_SIZE;

    MUST(p->ram.size <= MAX_BLOCK);
    MUST(range_inside(p->ram.start, p->ram.size, HOST_RAM_START, area_end));
    for (uint32_t i = 0; i < p->slot; i++) {
        const struct place_block *other = &board.processes[i].ram;

        MUST(other->start + other->size <= p->ram.start ||
             p->ram.start + p->ram.size <= other->start);
    }
    MUST(p->bounds.ram_start == p->ram.start);
    MUST(p->ram.start <= p->high_water);
    MUST(p->high_water <= p->bounds.app_break);
    MUST(place_enabled_end(host_place_kind, &p->ram, p->bounds.app_break,
                           p->kernel_break, &end));
    MUST(p->mpu.enabled_end == end);
    MUST(p->bounds.app_break <= end);
    MUST(end <= p->kernel_break);
    MUST(p->kernel_break <= p->ram.start + p->ram.size);
    MUST(p->mpu.flash_start == p->flash_start);
    MUST(p->mpu.flash_size == p->flash_size);
}

static void check_queue(const struct process *p)
{
    const struct upcall_queue *queue = &p->upcalls;

    MUST(queue->count <= UPCALL_QUEUE_COUNT);
    MUST(process_is_alive(p) || queue->count == 0);
    for (uint32_t i = 0; i < queue->count; i++) {
        struct upcall_id id = queue->ids[i];

        MUST(id.driver < DRIVERS);
        MUST(id.number < drivers[id.driver].driver->grant->upcalls);
        MUST(queue_function(p, id) != NULL ||
             queue_count_id(queue, id) <= UPCALL_NULL_PER_ID);
    }
}

static void check_buffers(const struct process *p)
{
    for (uint32_t d = 0; d < DRIVERS; d++) {
        const struct driver *driver = drivers[d].driver;

        for (uint32_t i = 0; driver->grant != NULL && i < SLOTS_MOST; i++) {
            const struct grant_slot *readonly =
                grant_slot_existing(driver, p, GRANT_READONLY, i);
            const struct grant_slot *writable =
                grant_slot_existing(driver, p, GRANT_WRITABLE, i);

            MUST(readonly == NULL || readonly->second == 0 ||
                 range_inside(readonly->first, readonly->second, p->ram.start,
                              p->high_water) ||
                 range_inside(readonly->first, readonly->second,
                              p->flash_start + p->protected_size,
                              p->flash_start + p->flash_size));
            MUST(writable == NULL || writable->second == 0 ||
                 range_inside(writable->first, writable->second, p->ram.start,
                              p->high_water));
        }
    }
}

static void check_windows(const struct process *p)
{
    for (uint32_t i = 0; i < PLACE_WINDOWS; i++) {
        const struct place_block *window = &p->mpu.windows[i];
        const struct process_share *share = &p->shares[i];

        MUST((window->size != 0) == (share->owner_plus_one != 0));
        if (window->size == 0)
            continue;
        total_windows++;

        const struct process *owner =
            &board.processes[share->owner_plus_one - 1];

        MUST(owner != p && owner->state != PROCESS_EMPTY);
        MUST(range_inside(window->start, window->size, owner->ram.start,
                          owner->high_water));
        if (!process_is_alive(owner))
            continue;

        const struct grant_slot *slot =
            grant_slot_existing(drivers[share->driver].driver, owner,
                                GRANT_WRITABLE, share->number);

        MUST(slot != NULL && slot->first == window->start &&
             slot->second == window->size);
    }
}

/* The buffers that drivers may write, and the kernel's state. */
static void find_writable(const struct process *p,
                          struct place_block found[WRITABLE_MOST])
{
    uint32_t count = 0;

    memset(found, 0, WRITABLE_MOST * sizeof(*found));
    found[count++] = readable_of(p);
    for (uint32_t d = 0; d < DRIVERS; d++) {
        const struct grant_layout *layout = drivers[d].driver->grant;

        for (uint32_t i = 0; layout != NULL && i < layout->writable; i++) {
            const struct grant_slot *slot =
                grant_slot_existing(drivers[d].driver, p, GRANT_WRITABLE, i);

            MUST(count < WRITABLE_MOST);
            if (slot != NULL && slot->second != 0)
                found[count++] =
                    (struct place_block){slot->first, slot->second};
        }
    }
}

static bool is_inside(uint32_t addr, const struct place_block *blocks)
{
    for (uint32_t i = 0; i < WRITABLE_MOST; i++) {
        if (addr >= blocks[i].start && addr - blocks[i].start < blocks[i].size)
            return true;
    }
    return false;
}

/* Nothing but buffers, as they are or were before the step. */
static void check_changes(const struct process *p, const struct memory *old,
                          const struct place_block *writable, uint32_t len)
{
    const uint8_t *bytes = host_memory(p->ram.start);

    for (uint32_t i = 0; i < len; i++)
        MUST(bytes[i] == old->bytes[i] ||
             is_inside(p->ram.start + i, writable) ||
             is_inside(p->ram.start + i, old->writable));
}

static bool is_zero(const uint8_t *bytes, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

/* actor: who may write its own memory in this step, or null. */
static void check_memory(const struct process *p, const struct process *actor)
{
    struct memory *old = &before[p->slot];
    const uint8_t *bytes = host_memory(p->ram.start);
    uint32_t end = p->mpu.enabled_end;
    struct place_block writable[WRITABLE_MOST];

    if (!process_is_alive(p)) {
        old->is_alive = false;
        return;
    }
    if (!old->is_alive || old->id != p->id) {
        MUST(is_zero(bytes, end - p->ram.start));
        find_writable(p, writable);
    } else {
        uint32_t kept = end < old->enabled_end ? end : old->enabled_end;

        MUST(end <= old->enabled_end ||
             is_zero(bytes + (old->enabled_end - p->ram.start),
                     end - old->enabled_end));
        find_writable(p, writable);
        if (actor != p && memcmp(bytes, old->bytes, kept - p->ram.start) != 0)
            check_changes(p, old, writable, kept - p->ram.start);
    }
    memcpy(old->writable, writable, sizeof(writable));
    old->id = p->id;
    old->is_alive = true;
    old->enabled_end = end;
    memcpy(old->bytes, bytes, p->ram.size);
}

static void check_all(const struct process *actor)
{
    for (uint32_t i = 0; i < HOSTILE; i++) {
        const struct process *p = &board.processes[i];

        MUST(p->slot == i);
        MUST(!(p->state & PROCESS_STOPPED) || process_is_alive(p));
        if (p->state == PROCESS_EMPTY)
            continue;
        check_block(p);
        check_queue(p);
        check_buffers(p);
        check_windows(p);
        check_memory(p, actor);
    }
    MUST(board.processes[HOSTILE].state == PROCESS_EMPTY);
    MUST(!host_cpu.has_halted);
    check_ledger();
    check_stored();
    host_uart.text_len = 0;
}
