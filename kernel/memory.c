/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "memory.h"

#include "base/bits.h"
#include "state.h"

static struct span bytes_at(uint32_t addr, uint32_t len)
{
    uint8_t *bytes = len == 0 ? NULL : arch_bytes(addr, len);

    return (struct span){bytes, len};
}

static void zero(uint32_t start, uint32_t end)
{
    if (start < end)
        memset(arch_bytes(start, end - start), 0, end - start);
}

static uint32_t ram_end(const struct process *p)
{
    return p->ram.start + p->ram.size;
}

uint32_t grant_table_size(uint32_t count)
{
    uint32_t size = count * (uint32_t)sizeof(uint16_t);

    return align_down_u32(size + GRANT_UNIT - 1, GRANT_UNIT);
}

bool process_bytes(const struct process *p, uint32_t addr, uint32_t len,
                   struct span *out)
{
    if (!range_inside(addr, len, p->bounds.ram_start, p->bounds.app_break))
        return false;
    *out = bytes_at(addr, len);
    return true;
}

bool process_readable_bytes(const struct process *p, uint32_t addr,
                            uint32_t len, struct span *out)
{
    if (process_bytes(p, addr, len, out))
        return true;
    if (!range_inside(addr, len, p->flash_start + p->protected_size,
                      p->flash_start + p->flash_size))
        return false;
    *out = bytes_at(addr, len);
    return true;
}

struct span process_flash(const struct process *p)
{
    return bytes_at(p->flash_start, p->flash_size);
}

bool process_header(const struct process *p, struct tbf_header *out)
{
    struct span flash = process_flash(p);

    return tbf_parse(flash.ptr, flash.len, out) == TBF_OK;
}

uint8_t *process_kernel_bytes(const struct process *p, uint32_t addr,
                              uint32_t len)
{
    kernel_assert(range_inside(addr, len, p->kernel_break, ram_end(p)));
    return arch_bytes(addr, len);
}

uint32_t process_enabled_end(const struct process *p)
{
    uint32_t end = 0;

    kernel_assert(place_enabled_end(
        ARCH_PLACE_KIND, &p->ram, p->bounds.app_break, p->kernel_break, &end));
    return end;
}

/*
 * Growing exposes [old break, new enabled end): what lies there may be from
 * before the app lowered its break, so all of it is zeroed, also the bytes
 * above the break that the hardware enables by rounding up.
 */
bool process_set_break(struct process *p, uint32_t app_break)
{
    uint32_t old = p->bounds.app_break;

    if (app_break < p->ram.start || app_break < p->high_water ||
        app_break > p->kernel_break || app_break >= ram_end(p))
        return false;
    if (!arch_mpu_plan(&p->mpu, &p->ram, app_break, p->kernel_break,
                       p->flash_start, p->flash_size))
        return false;
    p->bounds.app_break = app_break;
    if (app_break > old)
        zero(old, process_enabled_end(p));
    return true;
}

bool process_take_kernel_bytes(struct process *p, uint32_t size,
                               uint32_t *addr_out)
{
    uint32_t room = p->kernel_break - p->bounds.app_break;
    uint32_t start = p->kernel_break - size;
    uint32_t enabled_end = 0;

    if (size > room || process_table_start(p) - start > GRANT_SPAN)
        return false;

    /* The windows of the app stay as they are: its break has not moved. */
    if (!place_enabled_end(ARCH_PLACE_KIND, &p->ram, p->bounds.app_break, start,
                           &enabled_end))
        return false;
    zero(start, p->kernel_break);
    p->kernel_break = start;
    *addr_out = start;
    return true;
}

/* The lowest block at or above from, or null. */
static const struct place_block *next_block(uint32_t from)
{
    const struct place_block *lowest = NULL;

    for (uint32_t i = 0; i < kernel.config->process_count; i++) {
        const struct place_block *block = &kernel.config->processes[i].ram;

        if (block->size != 0 && block->start >= from &&
            (lowest == NULL || block->start < lowest->start))
            lowest = block;
    }
    return lowest;
}

/*
 * Walks the gaps between the blocks in use from low to high. The free list is
 * not stored anywhere: it is what the slots leave over.
 */
enum place_status process_place(struct process *p, uint32_t app_size,
                                uint32_t fixed_start)
{
    const struct kernel_area *area = &kernel.config->app_ram;
    uint32_t area_end = area->start + area->size;
    uint32_t from = area->start;
    enum place_status worst = PLACE_NO_ROOM;

    for (;;) {
        const struct place_block *block = next_block(from);
        struct place_request request = {
            .free_start = from,
            .free_end = block == NULL ? area_end : block->start,
            .fixed_start = fixed_start,
            .app_size = app_size,
            .initial_app_size = ARCH_INITIAL_APP_SIZE,
            /* The block's end may be aligned to 4 only, the table's to 8. */
            .kernel_size = kernel.grant_table + GRANT_UNIT / 2,
        };
        enum place_status status =
            place_ram(ARCH_PLACE_KIND, &request, &p->ram);

        if (status == PLACE_OK)
            return PLACE_OK;
        if (status == PLACE_NOT_THERE)
            worst = PLACE_NOT_THERE;
        if (block == NULL)
            break;
        from = block->start + block->size;
    }
    p->ram = (struct place_block){0};
    return worst;
}

bool process_reset_memory(struct process *p)
{
    uint32_t app_break = p->ram.start + ARCH_INITIAL_APP_SIZE;

    zero(p->ram.start, ram_end(p));
    p->kernel_break = process_table_start(p);
    p->high_water = p->ram.start;
    p->bounds =
        (struct arch_bounds){.ram_start = p->ram.start, .app_break = app_break};
    return arch_mpu_plan(&p->mpu, &p->ram, app_break, p->kernel_break,
                         p->flash_start, p->flash_size);
}

struct process_flash process_app_flash(const struct process *p)
{
    return (struct process_flash){p->flash_start + p->protected_size,
                                  p->flash_start + p->flash_size};
}
