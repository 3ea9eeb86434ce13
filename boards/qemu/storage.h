/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * How QEMU's boards divide the storage area of board.json: offsets from its
 * start, which is also that of the flash the kernel writes; the apps follow
 * behind it. docs/boards.md has the same table.
 */

#include "board.h"

#define STORAGE_NVS_AT        0x00000u /* nonvolatile storage of all apps */
#define STORAGE_NVS_SIZE      0x10000u
#define STORAGE_ISOLATED_AT   0x10000u /* of each app */
#define STORAGE_ISOLATED_SIZE 0x10000u
#define STORAGE_KV_AT         0x20000u /* keys and values */
#define STORAGE_KV_SIZE       0x10000u
/* virtual/page_writer.h */
#define STORAGE_JOURNAL_AT  (BOARD_JOURNAL_START - BOARD_STORAGE_START)
#define STORAGE_APPS_AT     BOARD_STORAGE_SIZE
#define STORAGE_FLASH_SIZE  (BOARD_STORAGE_SIZE + BOARD_APPS_SIZE)

#define STORAGE_REGION_SIZE 2048u /* of one app's isolated storage */

_Static_assert(BOARD_STORAGE_START + BOARD_STORAGE_SIZE == BOARD_APPS_START,
               "one flash driver serves both");
_Static_assert(STORAGE_JOURNAL_AT >= STORAGE_KV_AT + STORAGE_KV_SIZE,
               "what has its own place in the storage does not overlap");
