/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * An app writes its own flash. Driver number 0x50000 (TOCK_DRIVER_APP_FLASH).
 *
 *   command 0                is it there               Success
 *   command 1 (address)      write all of read-only 0  Success, INVAL, RESERVE,
 *                            there                     NOMEM
 *   read-only 0              what to write, of any length but 0
 *   upcall 0                 (status, 0, 0)            it is written, or not
 *
 * The address is the app's, as memop 8 tells it of a writeable region: any part
 * of the app's flash behind its protected header may be written, of any length
 * and alignment, its own code included.
 *
 * Answers, in this order, nothing was begun then:
 *   INVAL       the bytes do not all lie there
 *   RESERVE     there is no buffer
 *   NOMEM       the caller's last request is open, its upcall not queued yet;
 *               or no memory for the driver's state of the process (its grant)
 *
 * Status:
 *   0           written, and there after a power cut
 *   FAIL        the flash failed
 *   SIZE        the buffer became shorter on the way; what it had is written
 *
 * After a power cut each page has the old bytes or the new ones: neither the
 * app's code nor a neighbour's on the same page is lost.
 *
 * Requests: one of each process; processes take turns, one page at a time.
 *
 * Buffers: bytes are taken page by page, as they are then.
 *
 * Process ends: its request is gone; the page that is being written still is.
 * At start: nothing is open.
 *
 * Context: kernel thread only.
 */

#include "virtual/transfer.h"

struct app_flash {
    struct driver driver;
    struct transfers transfers;
    uint32_t address; /* of the area's first byte */
};

/* Apps lie in the part [start, start + size) of the writer's flash, whose first
 * byte they see at this address. */
void app_flash_init(struct app_flash *self, struct page_writer *writer,
                    uint32_t start, uint32_t size, uint32_t address);
