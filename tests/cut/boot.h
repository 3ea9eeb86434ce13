/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The kernel's journal on a flash image: what a start makes of it, and how a
 * power cut leaves it. Written from journal/journal.h; shares no code with
 * lib/journal.
 */

#include <stdint.h>

/* Two pages at the front of the flash, offset 0 its first byte. */
enum { JOURNAL_FRONT = 2 };

/* The flash as a kernel that starts on it leaves it. */
void boot(uint8_t *flash, uint32_t page, uint32_t size);

enum open_kind {
    OPEN_ERASED,  /* the page is erased                               */
    OPEN_HALF,    /* its beginning is programmed, the rest erased     */
    OPEN_NOISE,   /* it is anything                                   */
    OPEN_WHOLE,   /* it is written already                            */
    OPEN_DAMAGED, /* the record is open, the copy is another one: the */
                  /* page has not been touched                        */
    OPEN_KINDS,
};

/* The page at this offset was being rewritten with what it has now. */
void leave_open(uint8_t *flash, uint32_t page, uint32_t target,
                enum open_kind kind);
