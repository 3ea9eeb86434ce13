/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A layout in the making: its items, kept sorted by address, and the gaps
 * between them. Only for the layout's own files.
 */

#include "layout.h"

void layout_insert(struct layout *layout, size_t at, struct layout_item item);
void layout_take_out(struct layout *layout, size_t at);

/* Address where the list starts. */
uint32_t layout_start(const struct layout *layout);

/* Index of the first item that ends above addr. */
size_t layout_first_above(const struct layout *layout, uint32_t addr);

/* The free range in front of the item at this index, or behind the last. */
struct board_area layout_gap_before(const struct layout *layout, size_t at);
struct board_area layout_largest_gap(const struct layout *layout);

/*
 * May an object stand at [addr, addr + size)? On true, *at is where its item
 * goes.
 */
bool layout_fits_at(const struct layout *layout, uint32_t addr, uint32_t size,
                    size_t *at);

/* The lowest place at or above from for a position-independent object. */
bool layout_find_place(const struct layout *layout, uint32_t from,
                       uint32_t size, uint32_t *addr, size_t *at);

/* The item whose process needs some of this RAM; null if none does. */
const struct layout_item *layout_ram_clash(const struct layout *layout,
                                           const struct image_ram *ram);

/* Fills the gaps with padding, last. */
void layout_fill_gaps(struct layout *layout);

/* --- the steps of layout.c, for the other rules --------------------------- */

/* Does this object of the region have to be there afterwards? */
bool layout_must_stay(const struct layout *layout, size_t index);

/* An empty layout. */
void layout_start_with(struct layout *layout, const struct region *region,
                       const struct layout_request *request);

/* An object that stays, at this place. */
void layout_keep(struct layout *layout, const struct region_object *object,
                 uint32_t start, size_t at);

/* Puts one alternative there if flash and RAM are free. */
bool layout_put(struct layout *layout, const struct layout_wish *wish,
                const struct image *image, uint32_t addr, size_t *at);

/* Places the wishes that are linked for addresses; else *failed is one that
 * finds none. */
bool layout_put_fixed(struct layout *layout, size_t *failed);

/* At the lowest place that is free. */
bool layout_put_anywhere(struct layout *layout, const struct layout_wish *wish);

bool layout_is_placed(const struct layout *layout,
                      const struct layout_wish *wish);

/* The other rules. */
int layout_stay(struct layout *layout, struct err *e);
int layout_compact(struct layout *layout, struct err *e);
int layout_append(struct layout *layout, struct err *e);
