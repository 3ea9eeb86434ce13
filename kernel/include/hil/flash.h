/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * An area of NOR flash. Erasing a page sets its bytes to 0xff; programming
 * clears bits and sets none.
 *
 * Addresses are offsets from the area's start. Reading is synchronous.
 * Erasing and programming take time: one of them at a time, each ends with
 * exactly one callback, always deferred; the next may begin within it. The
 * bytes to program are borrowed until then. After a power cut in the middle,
 * what was being erased or programmed may read as anything, the rest is as it
 * was.
 *
 * Errors, and nothing has happened: TOCK_INVAL not inside the area or not on
 * the unit; TOCK_BUSY one is under way. Of the callback: TOCK_FAIL the flash
 * does not read back as asked.
 *
 * Context: kernel thread only.
 */

#include "abi/abi.h"
#include "base/span.h"

struct hil_flash;
struct hil_flash_client;

struct hil_flash_client_ops {
    void (*done)(struct hil_flash_client *self, enum tock_error status);
};

/* First member of every client. */
struct hil_flash_client {
    const struct hil_flash_client_ops *ops;
};

struct hil_flash_ops {
    /* Never TOCK_BUSY: what is being written reads as anything. */
    enum tock_error (*read)(struct hil_flash *self, uint32_t offset,
                            struct span into);
    /* offset and bytes are multiples of the unit; within one page. */
    enum tock_error (*program)(struct hil_flash *self, uint32_t offset,
                               struct span bytes);
    /* offset is a page's first byte. */
    enum tock_error (*erase)(struct hil_flash *self, uint32_t offset);
};

/* First member of every area. */
struct hil_flash {
    const struct hil_flash_ops *ops;
    struct hil_flash_client *client; /* set once, at board set-up      */
    uint32_t size;                   /* bytes; a multiple of page_size */
    uint32_t page_size;              /* bytes that one erase clears    */
    uint32_t unit;                   /* bytes; 1, 2, 4 or 8            */
};
