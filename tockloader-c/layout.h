/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Where every object of the app region shall stand. Pure: region model and
 * wishes in, a list of items out; nothing is read or written.
 *
 * Rules. Nobody who stays is moved. An app that replaces another takes its
 * place when it fits there. Apps linked for fixed addresses are placed first,
 * by trying their alternatives until no two overlap in flash or in RAM;
 * position-independent ones go to the lowest place where the protection
 * hardware can map them. What is left between two objects becomes padding, at
 * the end of the list it is given back.
 *
 * A planner that may move apps, or that must not reuse a place before a
 * commit, differs in this file only: plan.h and apply.h take any list of
 * items.
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

struct layout_request {
    const bool *is_removed; /* for each object of the region            */
    const struct layout_wish *wishes;
    size_t wish_count;
    bool overwrite_tail; /* even if region->tail is REGION_TAIL_UNKNOWN */
};

/* kept: an object that stays as it is. image: a new app. None: padding. */
struct layout_item {
    uint32_t start;
    uint32_t end;
    struct image_ram ram;
    const struct region_object *kept;
    const struct image *image;
    const struct layout_wish *wish;
};

struct layout {
    const struct region *region;
    struct layout_item *items; /* by address, without gaps */
    size_t count;
    size_t room;
    uint32_t limit; /* nothing may be placed at or above it */
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

/* Address behind the last item. */
uint32_t layout_end(const struct layout *layout);

/*
 * The largest app that still finds a place in the region, of the sizes that
 * the converter makes (powers of two on ARM). False if there is none.
 */
bool layout_largest(const struct region *region, uint32_t *address,
                    uint32_t *size);
