/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Warnings, collected where they are noticed and printed by main.
 *
 * Ownership: the texts belong to the notes until notes_free.
 */

#include "base/attr.h"

#include <stddef.h>

struct notes {
    char **texts;
    size_t count;
};

void notes_add(struct notes *notes, const char *fmt, ...) PRINTF_LIKE(2, 3);
void notes_free(struct notes *notes);
