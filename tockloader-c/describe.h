/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The app region as part of a JSON document.
 */

#include "host/json.h"
#include "object/verify.h"
#include "region.h"

/*
 * Adds "region", "apps", "padding", "retired" and "damaged", as
 * docs/json/list-1.json tells; with keys (which may be none) also what each
 * credential is worth.
 */
void describe_region(struct json *document, const struct region *region,
                     const struct object_keys *keys);
