/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The page that the kernel was rewriting when its power failed.
 *
 * At its next start the kernel writes that page again, from the copy in its
 * journal (journal/journal.h). Whatever stood there would be lost: so before
 * anything else is written, the page is completed and the record is closed, in
 * the kernel's order; a cut in between leaves the record open. Commands that
 * only look see the page as it will be.
 *
 * Ownership: pending_find allocates the bytes, pending_free frees them.
 */

#include "boards.h"
#include "host/err.h"
#include "link/link.h"

#include <stdbool.h>

struct pending {
    bool is_open;    /* there is such a page; else nothing else is valid */
    uint32_t page;   /* its address                                      */
    uint32_t record; /* address of the bytes that close the record       */
    uint8_t *bytes;  /* of the page, as it shall be                      */
};

/* Reads the journal, if the board has one. */
MUST_USE int pending_find(const struct board *board, struct link *link,
                          struct pending *out, struct err *e);

/* bytes are those of the area on the board; become what the kernel will make
 * of them. */
void pending_show(const struct pending *self, const struct board *board,
                  const struct board_area *area, uint8_t *bytes);

/* Writes the page, reads it back, and closes the record. */
MUST_USE int pending_complete(const struct pending *self,
                              const struct board *board, struct link *link,
                              struct err *e);

void pending_free(struct pending *self);
