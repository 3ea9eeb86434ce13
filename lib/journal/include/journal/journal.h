/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The journal of a flash whose pages are rewritten: what a power cut left
 * half done is found in it.
 *
 * Kernel (virtual/page_writer.h, which has the order of the steps) and
 * tockloader-c read it with this code, so that both complete the same page or
 * none. It is two pages, that of the records and the copy: the new contents of
 * the page that is being rewritten. A record is 32 bytes, little-endian; they
 * are used in turn, and the page is erased when none is left:
 *
 *    0  magic 0x45474150 ("PAGE")
 *    4  offset of the page in the flash
 *    8  hash of the copy (FNV-1a, 32 bits)
 *   12  hash of the 12 bytes before
 *   16  0xff
 *   24  eight bytes: 0xff while open, then zeros
 *
 * All offsets count from the start of the flash that is journalled.
 *
 * Context: any. Trust: what is in the flash may be anything; an open record is
 * of a whole page inside of the flash and outside of the journal.
 */

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    JOURNAL_PAGES = 2,
    JOURNAL_RECORD_SIZE = 32,
    JOURNAL_HEAD_SIZE = 16, /* what commits a record, from its start */
    JOURNAL_END_AT = 24,    /* in a record: what closes it           */
    JOURNAL_END_SIZE = 8,   /* zeros when it is closed               */
};

/* The owner fills it, in a struct of its own that read can come back to. */
struct journal {
    /* Bytes of the flash; those that it cannot get stay as they are. */
    void (*read)(struct journal *self, uint32_t offset, struct span into);
    uint32_t start;      /* offset of the journal's first page */
    uint32_t page_size;  /* bytes                              */
    uint32_t flash_size; /* bytes; whole pages                 */
};

struct journal_state {
    uint32_t next;   /* record that was never touched; the count if none is */
    bool is_open;    /* the page has to be written again, from the copy     */
    uint32_t target; /* offset of that page; valid if is_open             */
};

uint32_t journal_record_count(const struct journal *self);
uint32_t journal_record_at(const struct journal *self, uint32_t record);
uint32_t journal_copy_at(const struct journal *self);

/* The head of an open record: the copy has the contents of the page, which
 * belong to this offset. */
void journal_make_head(uint8_t head[JOURNAL_HEAD_SIZE], uint32_t target,
                       struct span page);

/*
 * What a power cut left. Only the last record counts: the next rewrite begins
 * when it is closed, or when the copy is another one. If it is open, the copy
 * is in page then, whose length is one page; else page has anything.
 */
struct journal_state journal_look(struct journal *self, struct span page);
