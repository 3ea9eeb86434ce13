/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Inside of lib/place: what place.c asks about one kind of hardware.
 *
 * The files armv7m.c, armv8m.c and pmp.c answer the same questions; the public
 * functions around them (place.c) hold what does not depend on the hardware.
 * Results that may pass 2^32 are 64 bits wide and the caller compares before it
 * narrows.
 */

#include "place/place.h"

/* Size to try first for a RAM block; twice as much is tried next. */
uint64_t armv7m_block_size(uint64_t app_size, uint64_t kernel_size);
uint64_t armv8m_block_size(uint64_t app_size, uint64_t kernel_size);
uint64_t pmp_block_size(uint64_t app_size, uint64_t kernel_size);

/* What the start of a block of this size must be a multiple of. */
uint64_t armv7m_block_align(uint64_t size);
uint64_t armv8m_block_align(uint64_t size);
uint64_t pmp_block_align(uint64_t size);

/* Can the hardware cut a block that begins and ends there? */
bool armv7m_is_block(const struct place_block *block);
bool armv8m_is_block(const struct place_block *block);
bool pmp_is_block(const struct place_block *block);

/*
 * For a block that is one, and a break in it: the end of what must be enabled
 * so that [start, app_break) is. This is the only place where breaks are
 * rounded; placement, brk and register values all go through it.
 */
uint64_t armv7m_enabled_end(const struct place_block *block,
                            uint32_t app_break);
uint64_t armv8m_enabled_end(const struct place_block *block,
                            uint32_t app_break);
uint64_t pmp_enabled_end(const struct place_block *block, uint32_t app_break);

/* size is not 0 and address + size fits 32 bits. */
bool armv7m_flash_fits(uint32_t address, uint32_t size);
bool armv8m_flash_fits(uint32_t address, uint32_t size);
bool pmp_flash_fits(uint32_t address, uint32_t size);

#define PLACE_NOWHERE (UINT64_C(1) << 32)

/* size is not 0. The lowest address >= from that fits if its end is below
 * 2^32; PLACE_NOWHERE or more if there is none. */
uint64_t armv7m_flash_next(uint32_t from, uint32_t size);
uint64_t armv8m_flash_next(uint32_t from, uint32_t size);
uint64_t pmp_flash_next(uint32_t from, uint32_t size);
