/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* metadata.toml of a TAB: text to struct and back (docs/tab.md). */

#include "tab/tab.h"

/* Fills *out, which is all null before; on failure it is freed again. */
MUST_USE int metadata_parse(const char *text, size_t len,
                            struct tab_metadata *out, struct err *e);

/* The text for these values; the caller frees it. */
char *metadata_text(const struct tab_metadata *metadata, size_t *len);

/*
 * A text that metadata_parse accepted, with these values instead of its own;
 * all other lines are as they were. The caller frees it.
 */
char *metadata_renew(const char *text, size_t text_len,
                     const struct tab_metadata *metadata, size_t *len);

void metadata_free(struct tab_metadata *metadata);
