/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The (size, alignment, break, grant) configurations that all kinds of
 * protection hardware are tried with, and how many there were.
 *
 * The test that includes this supplies
 *   CASES_KIND     enum place_kind
 *   CASES_STEP     granularity of the enabled end in a block of given size
 *   cases_map()    register values for a process, decoded by the oracle;
 *                  false if lib/place refuses
 *
 * Exhaustive: every app size up to 128 KiB (cases_sizes); every pair of
 * breaks in small blocks, every byte looked at (cases_breaks). Sampled, with
 * the seed below: start of free memory, size of the kernel's part, breaks in
 * large blocks, position of the flash.
 */

#include "place/place.h"
#include "tests/unit/lib/mpu_oracle.h"

#include <criterion/new/assert.h>

#define CASES_SEED 0x70636b01u

static bool cases_map(const struct oracle_process *p, struct oracle_map *map);

static uint64_t cases_done;

/* The end that any hardware with this step must enable for the break. */
static uint64_t cases_least_end(const struct oracle_process *p)
{
    uint64_t end = p->ram.start;

    if (CASES_KIND == PLACE_PMP)
        end += 4;
    while (end < p->app_break)
        end += CASES_STEP(p->ram.size);
    return end;
}

/* A refusal must be one that the hardware forces. */
static void cases_try(struct oracle_process *p, bool every_byte)
{
    struct oracle_map map = {.region_count = 0, .edge_count = 0};
    bool must_work = cases_least_end(p) <= p->kernel_break;
    bool works = place_enabled_end(CASES_KIND, &p->ram, p->app_break,
                                   p->kernel_break, &p->enabled_end);

    cases_done++;
    if (works != must_work || cases_map(p, &map) != must_work)
        cr_fatal("%s: block 0x%x+0x%x, app break 0x%x, kernel break 0x%x",
                 must_work ? "refused" : "not refused", p->ram.start,
                 p->ram.size, p->app_break, p->kernel_break);
    if (works)
        oracle_check(&map, p, every_byte);
}

/* Flash that all kinds can map, far from RAM; many shapes. */
static void cases_flash(struct oracle_process *p, uint32_t random)
{
    p->flash_size = 512u << random % 8;
    p->flash_start = p->flash_size * (1 + random / 8 % 64);
}

static void cases_check_block(const struct place_request *r,
                              const struct place_block *b)
{
    uint64_t end = (uint64_t)b->start + b->size;

    if (b->start < r->free_start || end > r->free_end ||
        b->size < (uint64_t)r->app_size + r->kernel_size)
        cr_fatal("block 0x%x+0x%x for app %u, kernel %u in [0x%x, 0x%x)",
                 b->start, b->size, r->app_size, r->kernel_size, r->free_start,
                 r->free_end);
}

/* Every app size: the block it gets, at its first break, at some later one,
 * and after grants have eaten down to a random kernel break. */
static void cases_sizes(uint32_t last_size)
{
    uint32_t random = CASES_SEED;

    cr_log_info("app sizes 0 to %u, seed 0x%x", last_size, CASES_SEED);
    for (uint32_t size = 0; size <= last_size; size++) {
        struct place_request r = {
            .free_start = 0x20000000 + oracle_random(&random) % 0x10000,
            .free_end = 0x20400000,
            .fixed_start = PLACE_ANYWHERE,
            .app_size = size,
            .initial_app_size = oracle_random(&random) % 64,
            .kernel_size =
                oracle_random(&random) % (8u << oracle_random(&random) % 12),
        };
        struct oracle_process p;
        uint32_t first;
        uint32_t end;

        oracle_must(place_ram(CASES_KIND, &r, &p.ram) == PLACE_OK, "no block");
        cases_check_block(&r, &p.ram);
        cases_flash(&p, oracle_random(&random));
        end = p.ram.start + p.ram.size;
        first = size > r.initial_app_size ? size : r.initial_app_size;
        p.app_break = p.ram.start + first;
        p.kernel_break = end - r.kernel_size;
        cases_try(&p, false);
        oracle_must(place_enabled_end(CASES_KIND, &p.ram, p.app_break,
                                      p.kernel_break, &p.enabled_end),
                    "first break refused");
        for (int i = 0; i < 8; i++) {
            p.kernel_break =
                p.ram.start + oracle_random(&random) % (p.ram.size + 1);
            p.app_break = p.ram.start + oracle_random(&random) %
                                            (p.kernel_break - p.ram.start + 1);
            cases_try(&p, false);
        }
    }
}

/* Every pair of breaks in a block; every byte looked at if asked to. */
static void cases_breaks(uint32_t start, uint32_t size, bool every_byte)
{
    struct oracle_process p = {.ram = {start, size}};

    cases_flash(&p, size);
    for (p.kernel_break = start; p.kernel_break <= start + size;
         p.kernel_break++)
        for (p.app_break = start; p.app_break <= p.kernel_break; p.app_break++)
            cases_try(&p,
                      every_byte && (p.kernel_break - p.app_break) % 16 < 2);
}

static void cases_count(uint64_t at_least)
{
    cr_log_info("%llu configurations", (unsigned long long)cases_done);
    cr_expect(ge(u64, cases_done, at_least));
}
