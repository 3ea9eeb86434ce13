/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Nonvolatile storage that all apps share. Driver number 0x50001
 * (TOCK_DRIVER_NVS).
 *
 *   command 0                is it there               Success
 *   command 1                its size in bytes         Success u32
 *   command 2 (offset, len)  read to read-write 0      Success, INVAL, RESERVE,
 *                                                      NOMEM
 *   command 3 (offset, len)  write from read-only 0    Success, INVAL, RESERVE,
 *                                                      NOMEM
 *   read-only 0              what to write
 *   read-write 0             where to read to
 *   upcall 0                 (bytes, 0, 0)             so many were read
 *   upcall 1                 (bytes, 0, 0)             so many were written
 *
 * Answers, in this order, nothing was begun then:
 *   INVAL       offset is at or behind the end, or offset + len behind it
 *   RESERVE     there is no buffer
 *   NOMEM       the caller's last request is open, its upcall not queued yet;
 *               or no memory for the driver's state of the process (its grant)
 *
 * Any offset and length will do, also a len of 0. Erased storage reads as 0xff.
 *
 * After a power cut the bytes of a write that was under way are new up to some
 * page boundary and old behind it; no other bytes are lost. Bytes that were
 * reported written stay.
 *
 * Nothing keeps apps from each other's bytes: see isolated_storage.h.
 *
 * Requests: one of each process, read or write; processes take turns, a page or
 * WORK_PIECE bytes at a time.
 *
 * Buffers: fewer bytes than len are done if the buffer has fewer, at the
 * command or when they are needed, or if the flash fails: there is no status,
 * only their number.
 *
 * Process ends: its request is gone; the page that is being written still is.
 * At start: nothing is open, and the bytes are those of before.
 *
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
