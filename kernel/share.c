/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "share.h"

#include "grant.h"
#include "lifecycle.h"
#include "memory.h"
#include "state.h"

/*
 * A guest's window i is mpu.windows[i]; shares[i] says whose memory it shows.
 * Where that is need not be kept: a window shows exactly the buffer that its
 * owner has in the slot now, for a swap of the slot closes it.
 */

enum { NO_WINDOW = PLACE_WINDOWS };

/* owner_plus_one of a share that is closed. */
enum { NOBODY = 0 };

static uint8_t mark_of(const struct process *owner)
{
    return (uint8_t)(owner->slot + 1u);
}

static uint32_t find_window(const struct process *guest, uint8_t mark)
{
    uint32_t i = 0;

    while (i < PLACE_WINDOWS && guest->shares[i].owner_plus_one != mark)
        i++;
    return i;
}

/* A window whose owner has ended is the guest's to lose first. */
static uint32_t find_idle_window(const struct process *guest)
{
    for (uint32_t i = 0; i < PLACE_WINDOWS; i++) {
        uint32_t owner = guest->shares[i].owner_plus_one - 1u;

        if (!process_is_alive(&kernel.config->processes[owner]))
            return i;
    }
    return NO_WINDOW;
}

/* For an owner whose memory no window shows. */
static uint32_t find_free_window(const struct process *guest)
{
    uint32_t window = find_window(guest, NOBODY);

    return window != NO_WINDOW ? window : find_idle_window(guest);
}

static void close_window(struct process *guest, uint32_t window)
{
    guest->shares[window] = (struct process_share){0};
    arch_mpu_close(&guest->mpu, window);
}

static struct shared_buffer find_buffer(const struct driver *driver,
                                        const struct process *owner,
                                        uint32_t number)
{
    const struct grant_slot *slot =
        grant_slot_existing(driver, owner, GRANT_WRITABLE, number);

    if (slot == NULL || slot->second == 0)
        return (struct shared_buffer){0};
    return (struct shared_buffer){slot->first, slot->second};
}

/* Does this window on the slot's owner, if it is one, show what is in the slot
 * now? It does as long as it names the slot. */
static bool is_shown(const struct process *guest, uint32_t window,
                     const struct driver *driver, uint32_t number)
{
    const struct process_share *share = &guest->shares[window];

    return window != NO_WINDOW && share->driver == driver->index &&
           share->number == number;
}

bool share_fits(const struct driver *driver, const struct process *owner,
                uint32_t number, const struct process *guest)
{
    uint32_t window = find_window(guest, mark_of(owner));
    struct shared_buffer buffer;

    if (is_shown(guest, window, driver, number))
        return true;
    buffer = find_buffer(driver, owner, number);
    if (buffer.len == 0)
        return true;
    if (window == NO_WINDOW)
        window = find_free_window(guest);
    return window != NO_WINDOW &&
           place_flash_fits(ARCH_PLACE_KIND, buffer.addr, buffer.len);
}

static bool show(struct process *owner, struct process *guest, uint32_t window,
                 struct process_share share, struct shared_buffer buffer)
{
    struct span bytes;

    guest->shares[window] = (struct process_share){0};
    if (!process_bytes(owner, buffer.addr, buffer.len, &bytes) ||
        !arch_mpu_open(&guest->mpu, window, buffer.addr, buffer.len))
        return false;
    guest->shares[window] = share;
    owner->is_shared = true;
    return true;
}

struct shared_buffer share_open(const struct driver *driver,
                                struct process *owner, uint32_t number,
                                struct process *guest)
{
    struct shared_buffer buffer = find_buffer(driver, owner, number);
    struct process_share share = {mark_of(owner), driver->index,
                                  (uint8_t)number};
    uint32_t window;

    if (buffer.len == 0)
        return buffer;
    window = find_window(guest, mark_of(owner));
    if (is_shown(guest, window, driver, number))
        return buffer;
    if (window == NO_WINDOW)
        window = find_free_window(guest);
    if (window == NO_WINDOW || !show(owner, guest, window, share, buffer))
        return (struct shared_buffer){0};
    return buffer;
}

void share_end(struct process *p)
{
    for (uint32_t i = 0; i < PLACE_WINDOWS; i++)
        close_window(p, i);
    if (!p->is_shared)
        return;
    p->is_shared = false;
    for (uint32_t i = 0; i < kernel.config->process_count; i++) {
        struct process *guest = &kernel.config->processes[i];
        uint32_t window = find_window(guest, mark_of(p));

        if (window != NO_WINDOW)
            close_window(guest, window);
    }
}

void share_swapped(struct process *p, const struct driver *driver,
                   uint32_t number)
{
    for (uint32_t i = 0; i < kernel.config->process_count; i++) {
        struct process *guest = &kernel.config->processes[i];
        uint32_t window = find_window(guest, mark_of(p));

        if (window != NO_WINDOW &&
            guest->shares[window].driver == driver->index &&
            guest->shares[window].number == number)
            close_window(guest, window);
    }
}
