/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Sums and states that listings tell of a region.
 */

#include "object/verify.h"
#include "region.h"

struct survey {
    uint32_t apps;         /* number                                  */
    uint32_t padding;      /* bytes                                   */
    uint32_t retired;      /* bytes of retired objects                */
    uint32_t used;         /* bytes from the region's start to the end */
    uint32_t largest;      /* size of the largest new app; 0 = no room */
    uint32_t largest_addr; /* where it would stand                     */
};

struct survey survey_region(const struct region *region);

/* "enabled", "disabled", "retired", or why no kernel starts it. */
const char *survey_state(const struct region_object *object);

bool survey_is_enabled(const struct region_object *object);
bool survey_is_sticky(const struct region_object *object);

/* The name of an app, retired or not; else what it is, in parentheses. */
const char *survey_name(const struct region_object *object, size_t *len);

/*
 * The formats of its credentials, Reserved left out: "ECDSA P-256, SHA-256";
 * with keys (which may be none) also what they are worth: "SHA-256 good".
 * Empty if there are none.
 */
void survey_credentials(const struct region *region,
                        const struct region_object *object,
                        const struct object_keys *keys, char *out, size_t room);
