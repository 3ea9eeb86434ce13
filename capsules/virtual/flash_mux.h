/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * One flash for several users. Each has a struct flash_area, itself a
 * hil_flash whose offset 0 is the area's first byte; none reaches what is
 * outside its own. Areas may overlap if the board wants so.
 *
 * Operations take turns, one of each area that waits, so that none starves.
 *
 * Ownership: the board allocates mux and areas, once and for ever.
 * Context: kernel thread only; callbacks are deferred.
 */

#include "hil/deferred.h"
#include "hil/flash.h"

#include <stdbool.h>

struct flash_mux;

struct flash_area {
    struct hil_flash flash; /* hand &area->flash to the user */
    struct flash_mux *mux;
    struct flash_area *next;
    uint32_t start;    /* in the mux's flash */
    uint32_t offset;   /* of the operation, in the area */
    struct span bytes; /* to program; len 0 for an erasure */
    bool is_erasing;
    bool is_waiting; /* also while under way */
};

struct flash_mux {
    struct hil_flash_client client;
    struct deferred refusal;
    struct hil_flash *flash;
    struct flash_area *areas;
    struct flash_area *turn; /* whose it is, or was */
    bool is_busy;            /* the flash, or a callback, is busy        */
    enum tock_error refused; /* by the flash; valid if refusal is set    */
};

/* Takes the flash and becomes its client. */
void flash_mux_init(struct flash_mux *self, struct hil_flash *flash);

/* Adds the area [start, start + size) of the flash, whole pages inside it;
 * returns &area->flash. */
struct hil_flash *flash_mux_add(struct flash_mux *self, struct flash_area *area,
                                uint32_t start, uint32_t size);
