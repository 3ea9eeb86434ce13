/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place/armv8m.h"

#include "base/bits.h"
#include "rules.h"

/* ARM DDI 0553, D1.2: MPU_RBAR and MPU_RLAR. */
#define RBAR_NO_EXEC 0x1u      /* XN */
#define RBAR_ALL_RW  (1u << 1) /* AP 01: everyone reads and writes */
#define RBAR_ALL_RO  (3u << 1) /* AP 11: everyone only reads */
#define RLAR_ENABLE  0x1u

enum { GRANULE = 32 };

uint64_t armv8m_block_size(uint64_t app_size, uint64_t kernel_size)
{
    return align_up_u64(app_size, GRANULE) + align_up_u64(kernel_size, GRANULE);
}

uint64_t armv8m_block_align(uint64_t size)
{
    (void)size;
    return GRANULE;
}

bool armv8m_is_block(const struct place_block *block)
{
    return block->start % GRANULE == 0 && block->size % GRANULE == 0;
}

uint64_t armv8m_enabled_end(const struct place_block *block, uint32_t app_break)
{
    return block->start + align_up_u64(app_break - block->start, GRANULE);
}

bool armv8m_flash_fits(uint32_t address, uint32_t size)
{
    return address % GRANULE == 0 && size % GRANULE == 0;
}

uint64_t armv8m_flash_next(uint32_t from, uint32_t size)
{
    return size % GRANULE == 0 ? align_up_u64(from, GRANULE) : PLACE_NOWHERE;
}

/* [start, end), both on granules. The last granule inside is the one that
 * begins 32 bytes below the end. */
static struct armv8m_region encode(uint32_t start, uint32_t end,
                                   uint32_t access)
{
    struct armv8m_region words = {start | access, 0};

    if (start < end)
        words.rlar = (end - GRANULE) | RLAR_ENABLE;
    return words;
}

bool armv8m_window(uint32_t address, uint32_t size, struct armv8m_region *out)
{
    if (!place_flash_fits(PLACE_ARMV8M, address, size))
        return false;
    *out = encode(address, address + size, RBAR_ALL_RW | RBAR_NO_EXEC);
    return true;
}

bool armv8m_regions(const struct place_block *ram, uint32_t app_break,
                    uint32_t kernel_break, uint32_t flash_start,
                    uint32_t flash_size,
                    struct armv8m_region out[ARMV8M_PROCESS_REGIONS])
{
    uint32_t flash_end;
    uint32_t end;

    if (!place_enabled_end(PLACE_ARMV8M, ram, app_break, kernel_break, &end) ||
        !place_flash_fits(PLACE_ARMV8M, flash_start, flash_size))
        return false;
    flash_end = flash_start + flash_size;
    if (ram->start < flash_end && flash_start < end)
        return false;
    out[ARMV8M_REGION_RAM] =
        encode(ram->start, end, RBAR_ALL_RW | RBAR_NO_EXEC);
    out[ARMV8M_REGION_FLASH] = encode(flash_start, flash_end, RBAR_ALL_RO);
    return true;
}
