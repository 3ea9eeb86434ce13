/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * An app out of a TAB, made ready for one board: the objects of the TAB that
 * the board's processor runs, all checked, as alternatives.
 *
 * Ownership: bundle_open allocates, bundle_free frees; the images point into
 * the bundle.
 */

#include "host/notes.h"
#include "image.h"
#include "tab/tab.h"

struct bundle {
    const char *path; /* borrowed */
    struct tab tab;
    struct image *images; /* the preferred one first; at least one */
    char **labels;        /* of the images                         */
    size_t count;
};

/*
 * Reads the TAB at path. ERR_INPUT if it is malformed, or not for this board:
 * wrong board, architecture or kernel version, of which is_forced lifts the
 * first and the last. What is only odd goes to notes.
 */
MUST_USE int bundle_open(const char *path, const struct board *board,
                         bool is_forced, struct notes *notes,
                         struct bundle *out, struct err *e);
void bundle_free(struct bundle *bundle);

/* The header's package name; not terminated, may be empty. */
const char *bundle_name(const struct bundle *bundle, size_t *len);

/* Does a credential cover the headers, so that no flag can be changed? */
bool bundle_is_signed(const struct bundle *bundle);
