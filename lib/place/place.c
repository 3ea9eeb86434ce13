/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "place/place.h"

#include "base/bits.h"
#include "rules.h"

/* The choice of the file that knows the hardware, one function a question. An
 * image for one processor says which (PLACE_ONLY), and links no other. */
#ifdef PLACE_ONLY
#define KIND(kind) ((void)(kind), PLACE_ONLY)
#else
#define KIND(kind) (kind)
#endif

static uint64_t block_size(enum place_kind kind, uint64_t app_size,
                           uint64_t kernel_size)
{
    switch (KIND(kind)) {
    case PLACE_ARMV7M:
        return armv7m_block_size(app_size, kernel_size);
    case PLACE_ARMV8M:
        return armv8m_block_size(app_size, kernel_size);
    case PLACE_PMP:
        break;
    }
    return pmp_block_size(app_size, kernel_size);
}

static uint64_t block_align(enum place_kind kind, uint64_t size)
{
    switch (KIND(kind)) {
    case PLACE_ARMV7M:
        return armv7m_block_align(size);
    case PLACE_ARMV8M:
        return armv8m_block_align(size);
    case PLACE_PMP:
        break;
    }
    return pmp_block_align(size);
}

static bool is_block(enum place_kind kind, const struct place_block *block)
{
    switch (KIND(kind)) {
    case PLACE_ARMV7M:
        return armv7m_is_block(block);
    case PLACE_ARMV8M:
        return armv8m_is_block(block);
    case PLACE_PMP:
        break;
    }
    return pmp_is_block(block);
}

static uint64_t enabled_end(enum place_kind kind,
                            const struct place_block *block, uint32_t app_break)
{
    switch (KIND(kind)) {
    case PLACE_ARMV7M:
        return armv7m_enabled_end(block, app_break);
    case PLACE_ARMV8M:
        return armv8m_enabled_end(block, app_break);
    case PLACE_PMP:
        break;
    }
    return pmp_enabled_end(block, app_break);
}

static bool flash_fits(enum place_kind kind, uint32_t address, uint32_t size)
{
    switch (KIND(kind)) {
    case PLACE_ARMV7M:
        return armv7m_flash_fits(address, size);
    case PLACE_ARMV8M:
        return armv8m_flash_fits(address, size);
    case PLACE_PMP:
        break;
    }
    return pmp_flash_fits(address, size);
}

static uint64_t flash_next(enum place_kind kind, uint32_t from, uint32_t size)
{
    switch (KIND(kind)) {
    case PLACE_ARMV7M:
        return armv7m_flash_next(from, size);
    case PLACE_ARMV8M:
        return armv8m_flash_next(from, size);
    case PLACE_PMP:
        break;
    }
    return pmp_flash_next(from, size);
}

/* align is a power of two. */
static uint64_t align_up(uint64_t value, uint64_t align)
{
    return (value + align - 1) & ~(align - 1);
}

/*
 * Looks for a block at or above from, or exactly there. Sizes are tried in
 * rising order, each with its own alignment and its own check that the app's
 * first memory can be enabled below the kernel's: rounding that reached into
 * the kernel's part in a small block may still do so in the next one.
 */
static bool find_block(enum place_kind kind,
                       const struct place_request *request, uint32_t from,
                       bool exactly, struct place_block *out)
{
    uint32_t app_size = request->app_size > request->initial_app_size
                            ? request->app_size
                            : request->initial_app_size;
    uint64_t size = block_size(kind, app_size, request->kernel_size);

    for (;; size *= 2) {
        uint64_t start = align_up(from, block_align(kind, size));
        uint64_t end = start + size;
        struct place_block block = {(uint32_t)start, (uint32_t)size};
        uint32_t ignored;

        if (end > request->free_end || (exactly && start != from))
            return false;
        if (place_enabled_end(kind, &block, block.start + app_size,
                              (uint32_t)end - request->kernel_size, &ignored)) {
            *out = block;
            return true;
        }
    }
}

enum place_status place_ram(enum place_kind kind,
                            const struct place_request *request,
                            struct place_block *out)
{
    bool is_fixed = request->fixed_start != PLACE_ANYWHERE;
    struct place_block anywhere;

    if (is_fixed && request->fixed_start >= request->free_start &&
        find_block(kind, request, request->fixed_start, true, out))
        return PLACE_OK;
    if (!find_block(kind, request, request->free_start, false, &anywhere))
        return PLACE_NO_ROOM;
    if (is_fixed)
        return PLACE_NOT_THERE;
    *out = anywhere;
    return PLACE_OK;
}

bool place_enabled_end(enum place_kind kind, const struct place_block *block,
                       uint32_t app_break, uint32_t kernel_break, uint32_t *out)
{
    uint32_t end;
    uint64_t enabled;

    if (add_overflows_u32(block->start, block->size, &end) ||
        !is_block(kind, block))
        return false;
    if (app_break < block->start || app_break > kernel_break ||
        kernel_break > end)
        return false;
    enabled = enabled_end(kind, block, app_break);
    if (enabled > kernel_break)
        return false;
    *out = (uint32_t)enabled;
    return true;
}

bool place_flash_fits(enum place_kind kind, uint32_t address, uint32_t size)
{
    uint32_t end;

    if (size == 0 || add_overflows_u32(address, size, &end))
        return false;
    return flash_fits(kind, address, size);
}

bool place_flash_next(enum place_kind kind, uint32_t from, uint32_t size,
                      uint32_t *out)
{
    uint64_t next;

    if (size == 0)
        return false;
    next = flash_next(kind, from, size);
    if (next >= PLACE_NOWHERE || !place_flash_fits(kind, (uint32_t)next, size))
        return false;
    *out = (uint32_t)next;
    return true;
}
