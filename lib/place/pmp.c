/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place/pmp.h"

#include "base/bits.h"
#include "rules.h"

/* pmpcfg bits, RISC-V privileged specification 3.7.1. */
enum {
    CFG_READ = 0x1,
    CFG_WRITE = 0x2,
    CFG_EXECUTE = 0x4,
    CFG_TOR = 0x8, /* from the entry before up to this one */
};

_Static_assert(PMP_CFG_RAM == (CFG_TOR | CFG_READ | CFG_WRITE) << 8, "RAM");
_Static_assert(PMP_CFG_FLASH == (CFG_TOR | CFG_READ | CFG_EXECUTE) << 8,
               "flash");

enum {
    STEP = 4,       /* bytes; pmpaddr holds address / 4 */
    MIN_WINDOW = 4, /* apps touch their first word before any brk */
};

static uint64_t enabled_size(uint64_t app_size)
{
    return align_up_u64(app_size < MIN_WINDOW ? MIN_WINDOW : app_size, STEP);
}

uint64_t pmp_block_size(uint64_t app_size, uint64_t kernel_size)
{
    return enabled_size(app_size) + align_up_u64(kernel_size, STEP);
}

uint64_t pmp_block_align(uint64_t size)
{
    (void)size;
    return STEP;
}

bool pmp_is_block(const struct place_block *block)
{
    return block->start % STEP == 0;
}

uint64_t pmp_enabled_end(const struct place_block *block, uint32_t app_break)
{
    return block->start + enabled_size(app_break - block->start);
}

bool pmp_flash_fits(uint32_t address, uint32_t size)
{
    return address % STEP == 0 && size % STEP == 0;
}

uint64_t pmp_flash_next(uint32_t from, uint32_t size)
{
    return size % STEP == 0 ? align_up_u64(from, STEP) : PLACE_NOWHERE;
}

static void encode(struct pmp_map *map, uint32_t window, uint32_t start,
                   uint32_t end)
{
    map->addr[2 * window] = start / STEP;
    map->addr[2 * window + 1] = end / STEP;
}

bool pmp_window(uint32_t address, uint32_t size, struct pmp_window *out)
{
    if (!place_flash_fits(PLACE_PMP, address, size))
        return false;
    *out = (struct pmp_window){{address / STEP, (address + size) / STEP}};
    return true;
}

bool pmp_windows(const struct place_block *ram, uint32_t app_break,
                 uint32_t kernel_break, uint32_t flash_start,
                 uint32_t flash_size, struct pmp_map *out)
{
    uint32_t end;

    if (!place_enabled_end(PLACE_PMP, ram, app_break, kernel_break, &end) ||
        !place_flash_fits(PLACE_PMP, flash_start, flash_size))
        return false;
    encode(out, PMP_WINDOW_RAM, ram->start, end);
    encode(out, PMP_WINDOW_FLASH, flash_start, flash_start + flash_size);
    return true;
}
