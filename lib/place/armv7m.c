/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place/armv7m.h"

#include "base/bits.h"
#include "rules.h"

/* ARM DDI 0403E, B3.5.8 (RBAR) and B3.5.9 (RASR). */
#define RBAR_VALID   0x10u /* the region number in this word counts */
#define RASR_ENABLE  0x1u
#define RASR_SRD_AT  8u
#define RASR_CACHED  (1u << 17) /* C: normal memory, write-through */
#define RASR_SHARED  (1u << 18) /* S */
#define RASR_ALL_RW  (3u << 24) /* AP 011: everyone reads and writes */
#define RASR_USER_RO (2u << 24) /* AP 010: unprivileged code only reads */
#define RASR_NO_EXEC (1u << 28) /* XN */

/* Normal memory: unaligned access to any other kind faults. */
#define RASR_RAM   (RASR_ALL_RW | RASR_NO_EXEC | RASR_SHARED | RASR_CACHED)
#define RASR_FLASH (RASR_USER_RO | RASR_CACHED)

enum {
    SUBREGIONS = 8, /* of a region */
    BLOCK_SUBREGIONS = 2 * SUBREGIONS,
    MIN_REGION = 32,
    MIN_SUBREGION = 32, /* regions below 256 bytes have none */
    MIN_BLOCK = BLOCK_SUBREGIONS * MIN_SUBREGION,
};

/* A region whose enabled part is exactly some run of subregions. */
struct region {
    uint32_t base;
    uint32_t log2_size;
    uint32_t on; /* bit i: subregion i is enabled */
};

/* Bits first to first + count - 1 of a region's eight. */
static uint32_t run_of_subregions(uint32_t first, uint32_t count)
{
    return ((1u << count) - 1) << first;
}

static uint64_t power_at_least(uint64_t value)
{
    uint64_t power = 1;

    while (power < value)
        power *= 2;
    return power;
}

uint64_t armv7m_block_size(uint64_t app_size, uint64_t kernel_size)
{
    uint64_t size = power_at_least(app_size + kernel_size);

    return size < MIN_BLOCK ? MIN_BLOCK : size;
}

/* Half the block is a region: it begins on a multiple of its size. */
uint64_t armv7m_block_align(uint64_t size)
{
    return size / 2;
}

bool armv7m_is_block(const struct place_block *block)
{
    return is_power_of_two(block->size) && block->size >= MIN_BLOCK &&
           block->start % (block->size / 2) == 0;
}

static uint32_t subregions_for(const struct place_block *block,
                               uint32_t app_break)
{
    uint32_t step = block->size / BLOCK_SUBREGIONS;
    uint32_t used = app_break - block->start;

    return used / step + (used % step != 0);
}

uint64_t armv7m_enabled_end(const struct place_block *block, uint32_t app_break)
{
    return block->start + (uint64_t)subregions_for(block, app_break) *
                              (block->size / BLOCK_SUBREGIONS);
}

/*
 * The region that maps exactly this flash. Either the object is a region, or
 * its start is a whole subregion of the largest size that the start's
 * alignment allows: installers and kernels of all makers use this choice, so
 * that what one places the other can map (docs/architecture.md, "Placement").
 */
static bool flash_region(uint32_t start, uint32_t size, struct region *out)
{
    uint64_t window;
    uint32_t step;
    uint32_t into;

    if (is_power_of_two(size) && size >= MIN_REGION && start % size == 0) {
        *out = (struct region){start, log2_floor(size),
                               run_of_subregions(0, SUBREGIONS)};
        return true;
    }
    if (start != 0)
        step = start & (~start + 1); /* its lowest set bit */
    else if (size <= MIN_SUBREGION * SUBREGIONS)
        step = MIN_SUBREGION;
    else
        step = (uint32_t)(power_at_least(size) / SUBREGIONS);
    window = (uint64_t)step * SUBREGIONS;
    if (step < MIN_SUBREGION || window > PLACE_NOWHERE || size % step != 0)
        return false;
    into = (uint32_t)(start & (window - 1));
    if ((uint64_t)into + size > window)
        return false;
    *out = (struct region){start - into, log2_floor(step) + 3,
                           run_of_subregions(into / step, size / step)};
    return true;
}

bool armv7m_flash_fits(uint32_t address, uint32_t size)
{
    struct region ignored;

    return flash_region(address, size, &ignored);
}

/* The lowest number >= from that leaves rest when divided by window, which
 * is a power of two. */
static uint64_t next_with_rest(uint64_t from, uint64_t window, uint64_t rest)
{
    uint64_t at = (from & ~(window - 1)) + rest;

    return at < from ? at + window : at;
}

/*
 * The candidates are those of flash_region turned round: multiples of a
 * power-of-two size, address 0, and for each subregion size that divides the
 * object, odd multiples of it (any even one has a larger subregion size) from
 * which the object does not leave the window.
 */
uint64_t armv7m_flash_next(uint32_t from, uint32_t size)
{
    uint64_t best = PLACE_NOWHERE;

    if (from == 0 && armv7m_flash_fits(0, size))
        return 0;
    if (is_power_of_two(size) && size >= MIN_REGION)
        best = align_up_u64(from, size);
    for (uint32_t step = MIN_SUBREGION; step <= size && size % step == 0;
         step *= 2) {
        uint64_t window = (uint64_t)step * SUBREGIONS;

        if (window > PLACE_NOWHERE)
            break;
        for (uint64_t rest = step; rest + size <= window;
             rest += 2 * (uint64_t)step) {
            uint64_t at = next_with_rest(from, window, rest);

            if (at < best)
                best = at;
        }
    }
    return best;
}

static struct armv7m_region encode(const struct region *region, uint32_t number,
                                   uint32_t access)
{
    uint32_t off = run_of_subregions(0, SUBREGIONS) & ~region->on;
    struct armv7m_region words = {region->base | RBAR_VALID | number, 0};

    if (region->on != 0)
        words.rasr = access | off << RASR_SRD_AT |
                     (region->log2_size - 1) << 1 | RASR_ENABLE;
    return words;
}

bool armv7m_window(uint32_t window, uint32_t address, uint32_t size,
                   struct armv7m_region *out)
{
    struct region region;

    if (!place_flash_fits(PLACE_ARMV7M, address, size) ||
        !flash_region(address, size, &region))
        return false;
    *out = encode(&region, ARMV7M_REGION_WINDOW + window, RASR_RAM);
    return true;
}

bool armv7m_regions(const struct place_block *ram, uint32_t app_break,
                    uint32_t kernel_break, uint32_t flash_start,
                    uint32_t flash_size,
                    struct armv7m_region out[ARMV7M_PROCESS_REGIONS])
{
    uint32_t half = ram->size / 2;
    struct region low;
    struct region high;
    struct region flash;
    uint32_t ignored;
    uint32_t count;

    if (!place_enabled_end(PLACE_ARMV7M, ram, app_break, kernel_break,
                           &ignored) ||
        !place_flash_fits(PLACE_ARMV7M, flash_start, flash_size) ||
        !flash_region(flash_start, flash_size, &flash))
        return false;
    count = subregions_for(ram, app_break);
    low = (struct region){
        ram->start, log2_floor(half),
        run_of_subregions(0, count < SUBREGIONS ? count : SUBREGIONS)};
    high = (struct region){
        ram->start + half, log2_floor(half),
        run_of_subregions(0, count < SUBREGIONS ? 0 : count - SUBREGIONS)};
    out[ARMV7M_REGION_RAM_LOW] = encode(&low, ARMV7M_REGION_RAM_LOW, RASR_RAM);
    out[ARMV7M_REGION_RAM_HIGH] =
        encode(&high, ARMV7M_REGION_RAM_HIGH, RASR_RAM);
    out[ARMV7M_REGION_FLASH] = encode(&flash, ARMV7M_REGION_FLASH, RASR_FLASH);
    return true;
}
