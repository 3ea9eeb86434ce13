/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * An app writes its own flash. Driver number 0x50000.
 *
 *   command 0               is it there                Success
 *   command 1 (address)     write read-only 0 there    Success, INVAL,
 *                                                      RESERVE, NOMEM
 *   upcall 0                (status, 0, 0)             it is written, or not
 *
 * The address is the app's, as memop 8 tells it of a writeable region; any
 * part of the app's flash behind its protected header may be written, of any
 * length and alignment, its own code included. INVAL: the bytes do not all lie
 * there. RESERVE: there is no buffer. NOMEM: the caller's last request is open,
 * or it has no memory for the grant. In this order; nothing was started then.
 *
 * Status FAIL: the flash failed. SIZE: the buffer became shorter on the way;
 * what it had is written.
 *
 * After a power cut each page has the old bytes or the new ones: neither the
 * app's code nor a neighbour's on the same page is lost.
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
