/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "grant.h"

#include "base/bits.h"
#include "lifecycle.h"
#include "memory.h"
#include "state.h"

/* Slots are in the order of enum grant_kind; the capsule's struct follows,
 * so that it is aligned to 8 like the block. */
struct grant_block {
    uint32_t is_entered;
    uint32_t unused;
    struct grant_slot slots[];
};

static uint32_t slot_count(const struct grant_layout *layout)
{
    return (uint32_t)layout->upcalls + layout->readonly + layout->writable;
}

static uint32_t block_size(const struct grant_layout *layout)
{
    uint32_t size = (uint32_t)sizeof(struct grant_block) +
                    slot_count(layout) * (uint32_t)sizeof(struct grant_slot) +
                    layout->size;

    return (uint32_t)align_up_u64(size, GRANT_UNIT);
}

uint32_t grant_count_used(const struct process *p)
{
    uint32_t count = 0;

    if (!process_is_alive(p))
        return 0;
    for (uint32_t i = 0; i < kernel.grant_count; i++)
        count += process_grant(p, i) != NULL;
    return count;
}

static struct grant_block *existing(const struct driver *driver,
                                    const struct process *p)
{
    if (driver->grant == NULL || !process_is_alive(p))
        return NULL;
    return (struct grant_block *)(void *)process_grant(p, driver->grant_slot);
}

static struct grant_block *existing_or_new(const struct driver *driver,
                                           struct process *p)
{
    struct grant_block *block = existing(driver, p);
    uint32_t addr;

    if (block != NULL || driver->grant == NULL || !process_is_alive(p))
        return block;
    if (!process_take_kernel_bytes(p, block_size(driver->grant), &addr))
        return NULL;
    process_set_grant(p, driver->grant_slot, addr);
    return existing(driver, p);
}

static enum tock_error enter(const struct driver *driver,
                             struct grant_block *block, struct grant *out)
{
    if (block == NULL)
        return TOCK_NOMEM;
    if (block->is_entered)
        return TOCK_BUSY;
    block->is_entered = 1;
    *out = (struct grant){.block = block, .driver = driver};
    return TOCK_OK;
}

enum tock_error grant_enter(const struct driver *driver,
                            struct process *process, struct grant *out)
{
    if (!process_is_alive(process))
        return TOCK_FAIL;
    return enter(driver, existing_or_new(driver, process), out);
}

enum tock_error grant_enter_existing(const struct driver *driver,
                                     struct process *process, struct grant *out)
{
    if (!process_is_alive(process))
        return TOCK_FAIL;
    return enter(driver, existing(driver, process), out);
}

void grant_leave(struct grant *grant)
{
    grant->block->is_entered = 0;
    grant->block = NULL;
}

void *grant_data(const struct grant *grant, size_t size)
{
    const struct grant_layout *layout = grant->driver->grant;

    kernel_assert(size <= layout->size);
    return &grant->block->slots[slot_count(layout)];
}

/* Index of a slot in the block, or false if the driver has no such number. */
static bool slot_index(const struct grant_layout *layout, enum grant_kind kind,
                       uint32_t number, uint32_t *out)
{
    uint32_t first = 0;
    uint32_t count = layout->upcalls;

    if (kind != GRANT_UPCALL) {
        first = count;
        count = layout->readonly;
    }
    if (kind == GRANT_WRITABLE) {
        first += count;
        count = layout->writable;
    }
    *out = first + number;
    return number < count;
}

enum tock_error grant_slot(const struct driver *driver, struct process *p,
                           enum grant_kind kind, uint32_t number,
                           struct grant_slot **out)
{
    struct grant_block *block = existing_or_new(driver, p);
    uint32_t index;

    if (block == NULL)
        return TOCK_NOMEM;
    if (!slot_index(driver->grant, kind, number, &index))
        return TOCK_NOSUPPORT;
    *out = &block->slots[index];
    return TOCK_OK;
}

const struct grant_slot *grant_slot_existing(const struct driver *driver,
                                             const struct process *p,
                                             enum grant_kind kind,
                                             uint32_t number)
{
    const struct grant_block *block = existing(driver, p);
    uint32_t index;

    if (block == NULL || !slot_index(driver->grant, kind, number, &index))
        return NULL;
    return &block->slots[index];
}

/* --- pieces --------------------------------------------------------------- */

/* In front of each; what the capsule has follows, aligned to 8. */
struct piece_head {
    uint32_t is_entered;
    uint32_t unused;
};

static struct piece_head *piece_head(const struct grant_piece *piece)
{
    const struct process *p = process_find(piece->owner);

    if (p == NULL)
        return NULL;
    return (struct piece_head *)(void *)process_kernel_bytes(
        p, piece->addr, (uint32_t)sizeof(struct piece_head) + piece->size);
}

enum tock_error grant_piece_new(struct process *process, uint32_t size,
                                struct grant_piece *out)
{
    uint64_t needed =
        align_up_u64((uint64_t)sizeof(struct piece_head) + size, GRANT_UNIT);
    uint32_t addr;

    if (!process_is_alive(process))
        return TOCK_FAIL;
    if (needed > UINT32_MAX ||
        !process_take_kernel_bytes(process, (uint32_t)needed, &addr))
        return TOCK_NOMEM;
    *out = (struct grant_piece){process_ref(process), addr, size};
    return TOCK_OK;
}

void *grant_piece_enter(const struct grant_piece *piece, size_t size)
{
    struct piece_head *head = piece_head(piece);

    kernel_assert(size <= piece->size);
    if (head == NULL || head->is_entered)
        return NULL;
    head->is_entered = 1;
    return &head[1];
}

void grant_piece_leave(const struct grant_piece *piece)
{
    struct piece_head *head = piece_head(piece);

    if (head != NULL)
        head->is_entered = 0;
}
