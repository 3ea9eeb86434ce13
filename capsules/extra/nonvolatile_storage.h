/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Nonvolatile storage that all apps share. Driver number 0x50001.
 *
 *   command 0               is it there                Success
 *   command 1               its size                   Success-u32
 *   command 2 (offset, len) read to read-write 0       Success, INVAL,
 *                                                      RESERVE, NOMEM
 *   command 3 (offset, len) write from read-only 0     Success, INVAL,
 *                                                      RESERVE, NOMEM
 *   upcall 0                (bytes, 0, 0)              so many were read
 *   upcall 1                (bytes, 0, 0)              so many were written
 *
 * INVAL: offset is at or behind the end, or offset + len behind it. RESERVE:
 * there is no buffer. NOMEM: the caller's last request is open, or it has no
 * memory for the grant. In this order; nothing was started then.
 *
 * Any offset and length will do. A request ends with fewer bytes than were
 * asked for if the buffer has fewer, then or when they are needed, or if the
 * flash failed. Erased storage reads as 0xff.
 *
 * After a power cut the bytes of a write that was under way are new up to some
 * page boundary and old behind it; no other bytes are lost. Bytes that were
 * reported written stay.
 *
 * Nothing keeps apps from each other's bytes: see isolated_storage.h.
 * Context: kernel thread only.
 */

#include "virtual/transfer.h"

struct nonvolatile_storage {
    struct driver driver;
    struct transfers transfers;
};

/* The storage is the part [start, start + size) of the writer's flash. */
void nonvolatile_storage_init(struct nonvolatile_storage *self,
                              struct page_writer *writer, uint32_t start,
                              uint32_t size);
