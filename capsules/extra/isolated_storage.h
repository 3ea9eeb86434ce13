/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Isolated nonvolatile storage: each app has a region of its own, which it
 * finds again after a reboot or an update. Driver number 0x50004.
 *
 *   command 0                 is it there                  Success
 *   command 1                 the size of the region       Success, ...
 *   command 2 (low, high)     read to read-write 0         Success, ...
 *   command 3 (low, high)     write from read-only 0       Success, ...
 *   upcall 0                  (status, size, 0)
 *   upcall 1                  (status, bytes, 0)           read
 *   upcall 2                  (status, bytes, 0)           written
 *
 * low and high are the two words of an offset in the region, the length is
 * that of the buffer. Failures of the commands, nothing was started then:
 * NOSUPPORT: the app has no write id (capsule/storage.h), or may not read,
 * command 3: not modify, what is marked with it. BUSY: the caller's last
 * request is open. NOMEM: no memory for the grant.
 *
 * Statuses: NOMEM there is no room for a region. RESERVE there is no buffer.
 * INVAL offset or end of the buffer lie outside the region. FAIL the flash
 * failed; so many bytes were done before. A buffer that becomes shorter on the
 * way ends the request where it ends.
 *
 * The region is made at the first request, of 0xff bytes, and stays for ever.
 * After a power cut the bytes of a write that was under way are new up to some
 * page boundary and old behind it; nothing else is lost.
 *
 * In flash regions follow each other, each behind a header of three words:
 *
 *   0  version 1 in the top byte, length of the region in the other three
 *   4  write id
 *   8  the exclusive or of both
 *
 * Where no header of this kind stands the list ends.
 *
 * Context: kernel thread only.
 */

#include "virtual/transfer.h"

#define ISOLATED_STORAGE_HEADER 12u

struct isolated_storage {
    struct driver driver;
    struct transfers transfers;

    /* The region that is being made. */
    struct page_writer_client maker;
    struct page_writer_area area;
    struct process_ref owner;
    uint32_t region_size;
    uint32_t at;     /* of the region's header      */
    uint32_t cursor; /* of the write under way      */
    bool is_making;
    bool is_cleared; /* now the header is written */
    uint8_t header[ISOLATED_STORAGE_HEADER];
};

/* The regions are in the part [start, start + size) of the writer's flash. New
 * ones have region_size bytes, a multiple of 4. */
void isolated_storage_init(struct isolated_storage *self,
                           struct page_writer *writer, uint32_t start,
                           uint32_t size, uint32_t region_size);
