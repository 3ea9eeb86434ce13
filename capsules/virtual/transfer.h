/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Bytes between apps' buffers and flash, for drivers that store.
 *
 * A process has one transfer at a time, kept in the driver's grant, whose
 * struct begins with it. What is read goes to read-write buffer 0, what is
 * written comes from read-only buffer 0. Both go in pieces, the processes in
 * turn, in the background. A buffer that becomes shorter on the way ends the
 * transfer where it now ends. A process that ends takes its transfer along;
 * the piece that is being written then still is.
 *
 * Writing is page_writer's: a piece, the part of a transfer that lies in one
 * page, is written as a whole or not at all.
 *
 * Ownership: a member of the driver. Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "virtual/page_writer.h"
#include "virtual/work.h"

enum transfer_kind { TRANSFER_NONE = 0, TRANSFER_READ, TRANSFER_WRITE };

/* The first member of the driver's grant. */
struct transfer {
    uint32_t offset; /* in the area, of the first byte */
    uint32_t len;
    uint32_t done;
    uint8_t kind; /* enum transfer_kind */
};

struct transfers;

/*
 * A transfer has ended, transfer->done bytes of it done: TOCK_OK, also if the
 * buffer had no more; TOCK_FAIL: the flash. Called with the grant entered.
 */
typedef void (*transfer_ended)(struct transfers *self, struct process *process,
                               const struct transfer *transfer,
                               enum transfer_kind kind, enum tock_error status);

struct transfers {
    const struct driver *driver;
    transfer_ended ended;
    struct work work;
    struct page_writer_client client;
    struct page_writer_area area;
    struct process_ref owner; /* of the piece that is written        */
    uint32_t at;              /* of the piece, in the owner's buffer */
    uint32_t patched;         /* bytes of it that the buffer had     */
    bool is_writing;
    uint8_t piece[WORK_PIECE];
};

/* The transfers of this driver are with the part [start, start + size) of the
 * writer's flash. */
void transfers_init(struct transfers *self, const struct driver *driver,
                    transfer_ended ended, struct page_writer *writer,
                    uint32_t start, uint32_t size);

/*
 * Begins one; ended is called later, or at once if there is nothing to do. The
 * process has none, and [offset, offset + len) lies in the area. Called with
 * the grant entered that has the transfer.
 */
void transfer_begin(struct transfers *self, struct process *process,
                    struct transfer *transfer, enum transfer_kind kind,
                    uint32_t offset, uint32_t len);

/* The same for drivers whose grant is nothing but the transfer, from outside of
 * it. TOCK_NOMEM: the process has one, or no memory for the grant. */
enum tock_error transfer_request(struct transfers *self,
                                 struct process *process,
                                 enum transfer_kind kind, uint32_t offset,
                                 uint32_t len);
