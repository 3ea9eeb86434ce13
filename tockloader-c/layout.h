/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Where every object of the app region shall stand. Pure: region model and
 * wishes in, a list of items out; nothing is read or written.
 *
 * Rules for all. An app that is on the board already, byte for byte, stays
 * where it is. Apps linked for fixed addresses are placed first, by trying
 * their alternatives until no two overlap in flash or in RAM;
 * position-independent ones go to the lowest place where the protection
 * hardware can map them. What is left between two objects becomes padding.
 *
 *   STAY     An app that replaces another takes its place when it fits there;
 *            holes are reused; nobody who stays is moved. At the end of the
 *            list free space is given back.
 *   COMPACT  The same, but where the list becomes shorter by it, or where
 *            else there is no room, position-independent apps move: as few
 *            bytes as a few tries find. Retired copies are left out.
 *   APPEND   Nothing that stands in the list is overwritten: new apps stand
 *            behind it on pages of their own, what they replace is retired in
 *            its place. What is dead at the end of the list is given back
 *            first. This is the layout that PLAN_APPEND needs.
 *
 * Ownership: layout_make allocates the items, layout_free frees them; region,
 * images and wishes are borrowed as long as the layout lives.
 */

#include "image.h"
#include "region.h"

/* An app that shall stand in the region. */
struct layout_wish {
    const struct image *images; /* alternatives, the preferred one first */
    size_t count;
    uint32_t set_flags;              /* TBF_FLAG_* that are set ...      */
    uint32_t clear_flags;            /* ... and cleared when written     */
    const struct region_object *old; /* what it replaces; may be null    */
};

enum layout_rule { LAYOUT_STAY, LAYOUT_COMPACT, LAYOUT_APPEND };

struct layout_request {
    enum layout_rule rule;
    const bool *is_removed; /* for each object of the region            */
    const struct layout_wish *wishes;
    size_t wish_count;
    bool in_order;       /* each wish behind the one before; not for APPEND */
    bool overwrite_tail; /* even if region->tail is REGION_TAIL_UNKNOWN */
    uint32_t write_unit; /* of the link; only for APPEND                */
};

/*
 * kept: an object of the region, at its place or, by COMPACT, at another.
 * image: a new app; with kept as well: that object, which needs at most other
 * flags to be the app that is wished. Neither: padding.
 */
struct layout_item {
    uint32_t start;
    uint32_t end;
    struct image_ram ram;
    const struct region_object *kept;
    const struct image *image;
    const struct layout_wish *wish;
    bool retires; /* by APPEND: kept goes out of use in its place */
};

struct layout {
    const struct region *region;
    const struct layout_request *request;
    struct layout_item *items; /* by address, without gaps */
    size_t count;
    size_t room;
    bool *is_placed; /* for each wish                        */
    uint32_t limit;  /* nothing may be placed at or above it */
    uint32_t append; /* by APPEND: where what is new begins  */
};

/*
 * ERR_STATE if an app finds no place, ERR_INPUT if it can have none on this
 * board; the text says what was wanted and what stands there.
 */
MUST_USE int layout_make(const struct region *region,
                         const struct layout_request *request,
                         struct layout *out, struct err *e);
void layout_free(struct layout *layout);

/* The item of this wish; every wish of a layout that was made has one. */
const struct layout_item *layout_item_of(const struct layout *layout,
                                         const struct layout_wish *wish);

/* Is it linked for a flash address; are all alternatives of the wish? */
bool layout_is_fixed(const struct image *image);
bool layout_is_all_fixed(const struct layout_wish *wish);

/* The flags that an alternative of this wish is written with. */
uint32_t layout_flags(const struct layout_wish *wish,
                      const struct image *image);

/* Does the object stay in use, here or elsewhere? */
bool layout_keeps(const struct layout *layout,
                  const struct region_object *object);

/*
 * The RAM that the processes of the enabled apps take together, as the
 * kernel hands it out: apps linked for an address first, then the others in
 * the order of the list. The first app that gets none, null if all do.
 */
const struct layout_item *layout_without_ram(const struct layout *layout);

/* The header of the app that stands there, null if it is no app. */
const struct tbf_header *layout_header(const struct layout_item *item);

/* Address behind the last item. */
uint32_t layout_end(const struct layout *layout);

/*
 * The largest app that still finds a place in the region, of the sizes that
 * the converter makes (powers of two on ARM). False if there is none.
 */
bool layout_largest(const struct region *region, uint32_t *address,
                    uint32_t *size);
