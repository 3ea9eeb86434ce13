/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * NOR flash that can be stopped anywhere.
 *
 * A link over an array. It splits what the applier does into primitives, the
 * erasing of a page and the programming of one write unit, and keeps a log of
 * them, from which a test rebuilds the flash as it was at any moment; also in
 * the middle of a primitive:
 *
 *   programming  any subset of the bits that were to be cleared;
 *   erasing      M1: any subset of the zero bits already raised;
 *                M2: a beginning or an end of the page erased, the rest old;
 *                M3: the page, or its beginning, at zero before it is erased.
 *
 * Ownership: nor_open allocates, link_close frees; the bytes are the link's.
 */

#include "link/link.h"

#include <stddef.h>

enum { NOR_MAX_UNIT = 8 };

enum nor_kind { NOR_ERASE, NOR_PROGRAM };

struct nor_prim {
    enum nor_kind kind;
    uint32_t off; /* from the start of the flash */
    uint8_t data[NOR_MAX_UNIT];
};

struct nor {
    struct link link;
    uint8_t *bytes;
    struct nor_prim *log;
    size_t count;
    size_t room;
};

struct nor *nor_open(uint32_t start, uint32_t size, uint32_t page_size,
                     uint32_t write_unit);

/* Does the primitive as a whole. */
void nor_do(const struct nor *nor, const struct nor_prim *prim, uint8_t *bytes);

/*
 * The primitive torn in its variant-th way; false if there are no more. Only
 * the bytes of the primitive's page or unit change: nor_extent tells which.
 * rich: all subsets of few bits, many of many; else two of a programmed unit.
 */
bool nor_tear(const struct nor *nor, const struct nor_prim *prim,
              unsigned variant, bool rich, uint64_t *random, uint8_t *bytes);
uint32_t nor_extent(const struct nor *nor, const struct nor_prim *prim);

uint64_t nor_random(uint64_t *state);
