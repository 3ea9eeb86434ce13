/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Isolated nonvolatile storage: each app has a region of its own, which it
 * finds again after a reboot or an update. Driver number 0x50004
 * (TOCK_DRIVER_ISOLATED_NVS).
 *
 *   command 0                is it there               Success
 *   command 1                size of the region        Success, NOSUPPORT,
 *                                                      BUSY, NOMEM
 *   command 2 (low, high)    read to read-write 0      Success, NOSUPPORT,
 *                                                      BUSY, NOMEM
 *   command 3 (low, high)    write from read-only 0    Success, NOSUPPORT,
 *                                                      BUSY, NOMEM
 *   read-only 0              what to write; its length is the request's
 *   read-write 0             where to read to; its length is the request's
 *   upcall 0                 (status, size, 0)         command 1 is done
 *   upcall 1                 (status, bytes, 0)        so many were read
 *   upcall 2                 (status, bytes, 0)        so many were written
 *
 * low and high are the two words of an offset in the region.
 *
 * Answers, nothing was begun then:
 *   NOSUPPORT   the app has no write id, or may not read (command 2) or modify
 *               (command 3) what is marked with it
 *   BUSY        the caller's last request is open, its upcall not queued yet
 *   NOMEM       no memory for the driver's state of the process (its grant)
 *
 * Status:
 *   0           done; fewer bytes than the buffer had at first if it became
 *               shorter on the way
 *   NOMEM       there is no room for one more region
 *   RESERVE     there is no buffer
 *   INVAL       offset or end of the buffer lie outside the region
 *   FAIL        the flash failed; bytes tells how many were done before
 *
 * Access: the write id is the app's short id; on boards that look at them,
 * storage permissions in its header (elf2tbf --write_id, --read_ids,
 * --access_ids) have to give it, and the right to its own id
 * (capsule/storage.h, docs/kernel.md). An app whose header has no such element
 * has all rights to what is its own.
 *
 * After a power cut the bytes of a write that was under way are new up to some
 * page boundary and old behind it; nothing else is lost.
 *
 * Requests: one of each process; processes take turns. The region is made at
 * the first request, of 0xff bytes, and stays for ever, also when the app is
 * uninstalled.
 *
 * Buffers: their length is looked at when the request begins, and again for
 * each piece.
 *
 * Process ends: its request is gone; the page that is being written still is,
 * and a region that is being made is completed.
 * At start: nothing is open, and the region is as it was.
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
