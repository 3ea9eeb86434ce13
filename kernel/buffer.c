/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/buffer.h"

#include "grant.h"
#include "memory.h"

/*
 * The slots were checked when the app filled them and the break cannot fall
 * below an allowed buffer, so that the checks here only fail for a mistake of
 * ours; the buffer is then as good as absent.
 */
static struct span readonly(const struct driver *driver,
                            const struct process *process, uint32_t number)
{
    const struct grant_slot *slot =
        grant_slot_existing(driver, process, GRANT_READONLY, number);
    struct span bytes = {0};

    if (slot == NULL ||
        !process_readable_bytes(process, slot->first, slot->second, &bytes))
        return (struct span){0};
    return bytes;
}

static struct span writable(const struct driver *driver,
                            const struct process *process, uint32_t number)
{
    const struct grant_slot *slot =
        grant_slot_existing(driver, process, GRANT_WRITABLE, number);
    struct span bytes = {0};

    if (slot == NULL ||
        !process_bytes(process, slot->first, slot->second, &bytes))
        return (struct span){0};
    return bytes;
}

uint32_t buffer_readonly_len(const struct driver *driver,
                             const struct process *process, uint32_t number)
{
    return readonly(driver, process, number).len;
}

uint32_t buffer_writable_len(const struct driver *driver,
                             const struct process *process, uint32_t number)
{
    return writable(driver, process, number).len;
}

uint32_t buffer_readonly_get(const struct driver *driver,
                             const struct process *process, uint32_t number,
                             uint32_t off, struct span to)
{
    return span_copy(to,
                     span_part(readonly(driver, process, number), off, to.len));
}

uint32_t buffer_writable_get(const struct driver *driver,
                             const struct process *process, uint32_t number,
                             uint32_t off, struct span to)
{
    return span_copy(to,
                     span_part(writable(driver, process, number), off, to.len));
}

uint32_t buffer_writable_put(const struct driver *driver,
                             const struct process *process, uint32_t number,
                             uint32_t off, struct span from)
{
    return span_copy(
        span_part(writable(driver, process, number), off, from.len), from);
}

uint32_t buffer_held_put(const struct process *process,
                         struct buffer_held buffer, struct span from)
{
    struct span bytes = {0};

    if (!process_bytes(process, buffer.addr, buffer.len, &bytes))
        return 0;
    return span_copy(bytes, from);
}
