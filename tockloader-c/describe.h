/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The app region as part of a JSON document.
 */

#include "host/json.h"
#include "region.h"

/* The word for a credential's format. */
const char *describe_credential(uint32_t format);

/*
 * Adds "region", "apps", "padding", "retired" and "damaged", as
 * docs/json/list-1.json tells.
 */
void describe_region(struct json *document, const struct region *region);
