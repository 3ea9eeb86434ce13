/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Bytes of flash replaced in place, so that a power cut loses none.
 *
 * Flash is erased by pages: to change some bytes, a page is read, patched,
 * erased and programmed again. A cut in between would lose its other bytes,
 * which may be another app's data, or code. So the new page is first put into
 * a spare one, then a record says so, and only then the page is touched:
 *
 *   1 the copy page is erased, 2 and programmed with the new contents,
 *   3 a record is programmed: the copy is complete, and of which page,
 *   4 the page is erased, 5 and programmed,
 *   6 the record is closed.
 *
 * page_writer_init completes what a cut between 3 and 6 left, and the next
 * write what a flash left that failed there. So every write has happened as a
 * whole, or not at all; of those that were under way when the power or the
 * flash failed nobody knows which. What does not change a page is not written.
 *
 * The journal is two pages; journal/journal.h has the bytes, which tockloader-c
 * reads too, before it writes the same flash.
 *
 * Several users write in turn, one page each time. Processes must not run while
 * a page with their code is erased: the flash driver sees to it.
 *
 * Ownership: the board allocates writer and areas, once and for ever.
 * Context: kernel thread only; callbacks are deferred.
 */

#include "hil/deferred.h"
#include "hil/flash.h"
#include "journal/journal.h"

#include <stdbool.h>

#define PAGE_WRITER_MAX_PAGE 4096u

struct page_writer;
struct page_writer_client;

struct page_writer_client_ops {
    /* Called once for each write, right before it: bytes are what is there at
     * this offset of the area, to be changed into what shall be there. */
    void (*patch)(struct page_writer_client *self, uint32_t offset,
                  struct span bytes);
    /* TOCK_OK, or TOCK_FAIL: the flash did not do it. */
    void (*written)(struct page_writer_client *self, enum tock_error status);
};

/* First member of every client. */
struct page_writer_client {
    const struct page_writer_client_ops *ops;
};

/* One user's part of the flash, offset 0 its first byte. */
struct page_writer_area {
    struct page_writer *writer;
    struct page_writer_client *client;
    struct page_writer_area *next;
    uint32_t start; /* in the writer's flash, bytes */
    uint32_t size;
    uint32_t offset; /* of the write that waits or is under way */
    uint32_t len;
    bool is_waiting;
};

/* In the order of the comment above; those before 3 have nothing to redo. */
enum page_writer_step {
    PAGE_WRITER_CLEAR_RECORDS,
    PAGE_WRITER_CLEAR_COPY,
    PAGE_WRITER_COPY,
    PAGE_WRITER_COMMIT,
    PAGE_WRITER_CLEAR_PAGE,
    PAGE_WRITER_WRITE_PAGE,
    PAGE_WRITER_CLOSE,
};

struct page_writer {
    struct hil_flash_client client;
    struct deferred work;
    struct hil_flash *flash;
    struct journal journal;
    struct page_writer_area *areas;
    struct page_writer_area *turn; /* whose it is, or was */
    enum page_writer_step step;
    enum tock_error refused; /* by the flash; valid if work is set and busy */
    uint32_t slot;           /* of the record that is or comes next */
    uint32_t target;         /* page that is written */
    bool is_recovering;
    bool is_busy;
    bool is_torn; /* the flash failed where a record may be open */
    uint8_t record[JOURNAL_HEAD_SIZE];
    _Alignas(uint64_t) uint8_t page[PAGE_WRITER_MAX_PAGE]; /* so it is fast */
};

/*
 * Takes the flash, of pages up to PAGE_WRITER_MAX_PAGE, and becomes its
 * client; the journal are the two pages at this offset of it. Begins to
 * complete what a power cut left; until page_writer_is_ready (which the flash's
 * callbacks bring about) nothing must be read that may be such a page.
 */
void page_writer_init(struct page_writer *self, struct hil_flash *flash,
                      uint32_t journal);

bool page_writer_is_ready(const struct page_writer *self);

/* Adds the part [start, start + size) of the flash for this client. Areas may
 * overlap each other, and not the journal. */
void page_writer_add(struct page_writer *self, struct page_writer_area *area,
                     struct page_writer_client *client, uint32_t start,
                     uint32_t size);

/* How many bytes from this offset on can be written at once: to the end of a
 * page, or of the area. */
uint32_t page_writer_piece(const struct page_writer_area *area,
                           uint32_t offset);

/*
 * Writes at most page_writer_piece bytes. TOCK_OK: patch and written will be
 * called. TOCK_BUSY: a write of this area is under way. TOCK_INVAL: not inside
 * the area, or too many.
 */
enum tock_error page_writer_write(struct page_writer_area *area,
                                  uint32_t offset, uint32_t len);

/* As hil_flash's read; what is being written reads as it will be. */
enum tock_error page_writer_read(const struct page_writer_area *area,
                                 uint32_t offset, struct span into);
