/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Placement: which addresses and sizes an app may have on which protection
 * hardware, and how its RAM block is cut.
 *
 * The kernel carves RAM blocks with it, the tools choose flash addresses
 * with it. place/armv7m.h, place/armv8m.h and place/pmp.h turn the same blocks
 * into register values. docs/architecture.md, "Placement", has the rules in
 * prose.
 *
 * Concept. A process owns a flash window (read, execute: exactly its object)
 * and a RAM block. The block's lower part, from its start to the app break,
 * is the app's; its top, from the kernel break to its end, holds grants and
 * must never be reachable by the app. Hardware can enable memory only in
 * steps, so that the enabled end may lie above the break, but never above the
 * kernel break.
 *
 * Ownership: values only. Context: pure functions, any. Trust: sizes come
 * from headers an attacker wrote; all sums are done in 64 bits.
 */

#include "base/attr.h"

#include <stdbool.h>
#include <stdint.h>

enum place_kind {
    PLACE_ARMV7M, /* ARMv6-M and ARMv7-M MPU: power-of-two regions */
    PLACE_ARMV8M, /* ARMv8-M MPU: base and limit, 32-byte steps    */
    PLACE_PMP,    /* RISC-V PMP, TOR pairs, 4-byte steps           */
};

/* What a new process needs. */
struct place_request {
    uint32_t free_start; /* unused RAM: [free_start, free_end)             */
    uint32_t free_end;
    uint32_t fixed_start; /* where the block must begin exactly;           */
                          /* PLACE_ANYWHERE if it may be anywhere          */
    uint32_t app_size;    /* bytes the app asks for (its minimum RAM)      */
    uint32_t initial_app_size; /* bytes enabled before its first brk       */
    uint32_t kernel_size; /* bytes the kernel takes from the top at once   */
};

#define PLACE_ANYWHERE 0xffffffffu

struct place_block {
    uint32_t start;
    uint32_t size;
};

/* Windows on other processes' RAM that each process can have at a time. */
#define PLACE_WINDOWS 4u

enum place_status {
    PLACE_OK = 0,
    PLACE_NO_ROOM,   /* not enough free RAM                             */
    PLACE_NOT_THERE, /* room, but not at the fixed address              */
};

/*
 * Chooses the RAM block for a new process: start aligned as the hardware
 * needs, size >= app_size + kernel_size, inside the free range, and such that
 * a break of start + max(app_size, initial_app_size) can be enabled while the
 * kernel break is at the block's end - kernel_size. The lowest such block; on
 * ARMv7-M its size is a power of two from 512 on. *out is unchanged unless
 * PLACE_OK.
 */
MUST_USE enum place_status place_ram(enum place_kind kind,
                                     const struct place_request *request,
                                     struct place_block *out);

/*
 * The end of what the hardware enables for this break; everything from the
 * block's start up to it is then open to the app. False if it cannot enable
 * [start, app_break) without enabling a byte at or above kernel_break, if the
 * breaks are not start <= app_break <= kernel_break <= end, or if the hardware
 * cannot cut such a block at all. app_break == start is legal: it opens nothing
 * on Arm and the first word on PMP, where an empty window is no use.
 */
MUST_USE bool place_enabled_end(enum place_kind kind,
                                const struct place_block *block,
                                uint32_t app_break, uint32_t kernel_break,
                                uint32_t *out);

/*
 * Can the hardware map exactly [address, address + size) as app flash, or as a
 * window on another process's RAM? Never if the size is 0 or the end passes
 * 2^32 - 1.
 */
bool place_flash_fits(enum place_kind kind, uint32_t address, uint32_t size);

/*
 * The lowest address >= from at which an object of this size can be mapped.
 * False if there is none below 2^32 or the size can never be mapped.
 */
MUST_USE bool place_flash_next(enum place_kind kind, uint32_t from,
                               uint32_t size, uint32_t *out);
