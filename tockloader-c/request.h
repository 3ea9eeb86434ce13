/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What shall become of the apps of a region: which go, which come, which get
 * other flags. Built by a command, answered by layout.h.
 *
 * Retired copies (region.h) are no apps: they are never named here, and go
 * with their successor.
 *
 * Ownership: request_begin allocates, request_free frees; region and images
 * are borrowed until then.
 */

#include "layout.h"

struct request {
    const struct region *region;
    struct layout_request layout; /* what layout_make is given             */
    bool *is_removed;             /* for each object of the region         */
    struct layout_wish *wishes;
    struct image *images; /* those made from objects of the region         */
    size_t image_count;
    bool appends;  /* the list is only appended to: copies of one app that */
                   /* an interruption has left are one app                 */
    bool is_saved; /* the host has a copy of the region: it may be         */
                   /* rewritten in place, whatever a cut would leave       */
};

/*
 * appends: session->appends. new_apps: how many wishes will be added by
 * request_put without an old app.
 */
void request_begin(struct request *request, const struct region *region,
                   bool appends, size_t new_apps);
void request_free(struct request *request);

/*
 * An app that comes, in place of old if that is not null. The wish is
 * returned so that flags can be set in it.
 */
struct layout_wish *request_put(struct request *request,
                                const struct image *images, size_t count,
                                const struct region_object *old);

/* An app that goes. */
void request_remove(struct request *request,
                    const struct region_object *object);
bool request_removes(const struct request *request,
                     const struct region_object *object);

/* An app that stays with other flags; bits are TBF_FLAG_*. */
void request_flags(struct request *request, const struct region_object *object,
                   uint32_t set, uint32_t clear);

/* Is the object the old one of some wish? */
bool request_replaces(const struct request *request,
                      const struct region_object *object);

/*
 * The app of the board that is already one of these images, byte for byte,
 * with the flags it has; null if none is, or if the list is not only appended
 * to. It tells that an update was interrupted after its commit: what it
 * replaces is then only to be removed.
 */
const struct region_object *request_find(const struct request *request,
                                         const struct image *images,
                                         size_t count);
