/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The model of a board's app region: which objects stand where.
 *
 * Made from the bytes by lib/tbf's walk, so that it sees exactly what the
 * kernel sees. Objects that the walk skips by their size (a wrong checksum, a
 * broken entry) are part of the model: they are somebody's bytes and stay.
 *
 * What lies behind the end of the list is looked at once: whoever is going to
 * write there must know whether something can be lost.
 *
 * Ownership: region_init allocates the objects, region_free frees them; the
 * bytes are the caller's and must live as long as the model.
 * Trust: any bytes yield a model.
 */

#include "boards.h"
#include "tbf/tbf.h"

#include <stddef.h>

struct region_object {
    uint32_t address;
    uint32_t size;
    enum tbf_status status;   /* TBF_OK or why no kernel will start it */
    struct tbf_header header; /* see region_is_app                     */
    bool is_retired;          /* out of use for good, see below        */
};

enum region_tail {
    REGION_TAIL_BLANK,   /* erased to the end of the region             */
    REGION_TAIL_FREE,    /* leftovers behind an end that a loader set,  */
                         /* or nothing but zeros: nothing can be lost   */
    REGION_TAIL_UNKNOWN, /* bytes that nobody declared to be leftovers  */
};

struct region {
    const struct board *board;
    const uint8_t *bytes; /* borrowed: all of board->apps */
    struct region_object *objects;
    size_t count;
    uint32_t end;               /* address where the list ends    */
    enum tbf_status end_status; /* TBF_END, TBF_END_BAD, TBF_BEYOND */
    enum region_tail tail;
    /* With REGION_TAIL_UNKNOWN: a whole app that the list does not reach. */
    bool has_hidden;
    struct region_object hidden;
};

void region_init(struct region *region, const struct board *board,
                 const uint8_t *bytes);
void region_free(struct region *region);

/*
 * Is it an app whose header can be relied on: name, sizes, addresses? True
 * also for one that no kernel starts because its entry point or a writeable
 * region is wrong; false for a retired one.
 *
 * A retired object is an older copy of an app, or one that was removed, on a
 * board whose list is only appended to: no kernel starts it, no command takes
 * it for an app. Either it is not enabled and its checksum is zero; or it is
 * disabled, has a good header, and an enabled app of the same name stands
 * behind it.
 */
bool region_is_app(const struct region_object *object);
bool region_is_padding(const struct region_object *object);

/* Has the header a package name, and is it this one? */
bool region_is_named(const struct tbf_header *header, const char *name,
                     size_t name_len);

/* The bytes of an object. */
const uint8_t *region_bytes_of(const struct region *region,
                               const struct region_object *object);

/* What is wrong behind the end of a list with REGION_TAIL_UNKNOWN, as a
 * sentence for a message. */
struct region_text {
    char text[256];
};
struct region_text region_tail_text(const struct region *region);

/* Address behind the region; no board's region reaches the last byte. */
uint32_t region_limit(const struct region *region);
