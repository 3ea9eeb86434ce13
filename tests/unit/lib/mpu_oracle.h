/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What unprivileged code may do with one byte, given register values: the
 * rules of the architecture manuals and nothing of lib/place.
 *
 * A decoded map answers oracle_rights(map, address) for any byte. Rights can
 * change only at the addresses in map->edges (every region and subregion
 * border, every pmpaddr), so that looking at each edge and the byte before it
 * says all about all 2^32 bytes. oracle_check does that for a process; it
 * looks at all bytes of a block one by one when asked to, which checks the
 * argument about the edges as well.
 */

#include "place/place.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>

enum {
    RIGHT_READ = 1,
    RIGHT_WRITE = 2,
    RIGHT_EXECUTE = 4,
    ORACLE_REGIONS = 8,
    ORACLE_EDGES = 96,
};

struct oracle_region {
    bool is_on;
    uint64_t low; /* [low, high) */
    uint64_t high;
    uint32_t off; /* v7-M SRD: bit i switches eighth i off */
    int rights;
};

/* Regions in the order in which the hardware looks for the first that has
 * the byte. */
struct oracle_map {
    struct oracle_region regions[ORACLE_REGIONS];
    int region_count;
    uint32_t edges[ORACLE_EDGES];
    int edge_count;
};

/* Cheaper than Criterion's assertions, of which each one allocates. */
static inline void oracle_must(bool holds, const char *rule)
{
    if (!holds)
        cr_fatal("%s", rule);
}

static inline void oracle_edge(struct oracle_map *map, uint64_t at)
{
    oracle_must(map->edge_count < ORACLE_EDGES, "too many edges");
    if (at <= 0xffffffff)
        map->edges[map->edge_count++] = (uint32_t)at;
}

/* ARM DDI 0403E B3.5.9, table B3-15: AP[2:0] for unprivileged code. */
static inline int oracle_arm_rights(uint32_t rasr)
{
    static const int by_ap[8] = {0,  0, RIGHT_READ, RIGHT_READ | RIGHT_WRITE,
                                 -1, 0, RIGHT_READ, RIGHT_READ};
    int rights = by_ap[rasr >> 24 & 7];

    oracle_must(rights >= 0, "AP 100 is reserved");
    if ((rights & RIGHT_READ) != 0 && (rasr >> 28 & 1) == 0)
        rights |= RIGHT_EXECUTE;
    return rights;
}

/* Normal memory has C or a nonzero TEX; TEX 010 is device (table B3-13). */
static inline bool oracle_arm_is_normal(uint32_t rasr)
{
    uint32_t tex = rasr >> 19 & 7;
    uint32_t cacheable = rasr >> 17 & 1;

    return (tex == 0 && cacheable == 1) || tex == 1 || tex >= 4;
}

/*
 * PMSAv7: region n has 2^(SIZE+1) bytes from ADDR, which is a multiple of
 * that; eighths with their SRD bit set do not belong to it; SRD must be 0
 * below 256 bytes; the region of the highest number that has the byte
 * decides; without any, unprivileged code has no access.
 */
static inline void oracle_add_arm(struct oracle_map *map, uint32_t rbar,
                                  uint32_t rasr)
{
    struct oracle_region *r = &map->regions[map->region_count++];
    uint32_t exponent = (rasr >> 1 & 31) + 1;

    *r = (struct oracle_region){.is_on = (rasr & 1) != 0};
    oracle_must((rbar & 0x10) != 0, "RBAR without VALID");
    if (!r->is_on)
        return;
    oracle_must(exponent >= 5, "region below 32 bytes");
    r->low = rbar & ~31u;
    r->high = r->low + (1ull << exponent);
    r->off = rasr >> 8 & 0xff;
    r->rights = oracle_arm_rights(rasr);
    oracle_must(r->low % (1ull << exponent) == 0, "base not aligned");
    oracle_must(exponent >= 8 || r->off == 0, "SRD below 256 bytes");
    oracle_must(r->high <= 1ull << 32, "region passes 2^32");
    oracle_must(oracle_arm_is_normal(rasr), "not normal memory");
    for (int eighth = 0; eighth <= 8; eighth++)
        oracle_edge(map, r->low + ((1ull << exponent) / 8) * eighth);
}

/*
 * PMSAv8 (ARM DDI 0553, D1.2, MPU_RBAR and MPU_RLAR): a region has the bytes
 * from BASE with five zeros below it up to LIMIT with five ones below it, that
 * one included; an access that two regions match faults, so that there must be
 * none; without any, unprivileged code has no access. attributes is the byte
 * of MPU_MAIR that AttrIndx names: 0000xxxx is device memory.
 */
static inline void oracle_add_armv8m(struct oracle_map *map, uint32_t rbar,
                                     uint32_t rlar, uint8_t attributes)
{
    static const int by_ap[4] = {0, RIGHT_READ | RIGHT_WRITE, 0, RIGHT_READ};
    struct oracle_region *r = &map->regions[map->region_count++];

    *r = (struct oracle_region){.is_on = (rlar & 1) != 0};
    if (!r->is_on)
        return;
    oracle_must((rbar >> 3 & 3) != 1, "SH 01 is reserved");
    oracle_must((rlar >> 4 & 1) == 0, "RLAR bit 4 is reserved");
    oracle_must((rlar >> 1 & 7) == 0, "not attribute 0");
    oracle_must(attributes >> 4 != 0 && (attributes & 15) != 0,
                "not normal memory");
    r->low = rbar & 0xffffffe0;
    r->high = (rlar | 0x1full) + 1;
    r->rights = by_ap[rbar >> 1 & 3];
    if (r->rights != 0 && (rbar & 1) == 0)
        r->rights |= RIGHT_EXECUTE;
    for (int i = 0; i < map->region_count - 1; i++)
        oracle_must(!map->regions[i].is_on || r->high <= map->regions[i].low ||
                        r->low >= map->regions[i].high,
                    "two regions match a byte");
    oracle_edge(map, r->low);
    oracle_edge(map, r->high);
}

/*
 * RISC-V privileged specification 3.7.1: a TOR entry has the bytes from the
 * address of the entry before (0 for the first) up to its own; an entry that
 * is off has none; the entry of the lowest number that has the byte decides;
 * without any, user mode has no access.
 */
static inline void oracle_add_pmp(struct oracle_map *map, uint32_t before,
                                  uint32_t addr, uint8_t cfg)
{
    struct oracle_region *r = &map->regions[map->region_count++];
    uint32_t mode = cfg >> 3 & 3;

    oracle_must(mode == 0 || mode == 1, "neither off nor TOR");
    oracle_must((cfg & 0xe0) == 0, "locked or reserved bits");
    oracle_must((cfg & 3) != 2, "W without R is reserved");
    *r = (struct oracle_region){.is_on = mode == 1,
                                .low = (uint64_t)before << 2,
                                .high = (uint64_t)addr << 2,
                                .rights = cfg & 7};
    oracle_edge(map, r->low);
    oracle_edge(map, r->high);
}

static inline int oracle_rights(const struct oracle_map *map, uint32_t address)
{
    for (int i = 0; i < map->region_count; i++) {
        const struct oracle_region *r = &map->regions[i];

        if (!r->is_on || address < r->low || address >= r->high)
            continue;
        if (r->off != 0) {
            uint64_t eighth = (address - r->low) / ((r->high - r->low) / 8);

            if ((r->off >> eighth & 1) != 0)
                continue;
        }
        return r->rights;
    }
    return 0;
}

struct oracle_process {
    struct place_block ram;
    uint32_t app_break;
    uint32_t kernel_break;
    uint32_t enabled_end; /* as lib/place says */
    uint32_t flash_start;
    uint32_t flash_size;
};

/* May the byte have these rights? */
static inline bool oracle_is_right(const struct oracle_process *p,
                                   uint32_t address, int rights)
{
    const int ram = RIGHT_READ | RIGHT_WRITE;

    if (address >= p->flash_start && address - p->flash_start < p->flash_size)
        return rights == (RIGHT_READ | RIGHT_EXECUTE);
    if (address >= p->ram.start && address < p->enabled_end)
        return rights == ram;
    return rights == 0;
}

static inline void oracle_look(const struct oracle_map *map,
                               const struct oracle_process *p, uint32_t address)
{
    int rights = oracle_rights(map, address);

    if (!oracle_is_right(p, address, rights))
        cr_fatal("byte 0x%x has rights %d: block 0x%x+0x%x, app break 0x%x, "
                 "kernel break 0x%x, enabled end 0x%x, flash 0x%x+0x%x",
                 address, rights, p->ram.start, p->ram.size, p->app_break,
                 p->kernel_break, p->enabled_end, p->flash_start,
                 p->flash_size);
}

/*
 * All bytes asked for are open, none at or above the kernel break is, none
 * outside block and flash is, and no byte has a right too many.
 */
static inline void oracle_check(struct oracle_map *map,
                                const struct oracle_process *p, bool every_byte)
{
    uint64_t end = (uint64_t)p->ram.start + p->ram.size;

    if (p->enabled_end < p->app_break || p->enabled_end > p->kernel_break ||
        p->kernel_break > end)
        cr_fatal("enabled end 0x%x, app break 0x%x, kernel break 0x%x",
                 p->enabled_end, p->app_break, p->kernel_break);
    oracle_edge(map, p->ram.start);
    oracle_edge(map, p->app_break);
    oracle_edge(map, p->kernel_break);
    oracle_edge(map, end);
    oracle_edge(map, p->flash_start);
    oracle_edge(map, (uint64_t)p->flash_start + p->flash_size);
    oracle_edge(map, 0);
    oracle_edge(map, 0xffffffff);
    for (int i = 0; i < map->edge_count; i++) {
        oracle_look(map, p, map->edges[i]);
        oracle_look(map, p, map->edges[i] - 1);
    }
    for (uint64_t at = p->ram.start; every_byte && at < end + 64; at++)
        oracle_look(map, p, (uint32_t)at);
}

static inline uint32_t oracle_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}
