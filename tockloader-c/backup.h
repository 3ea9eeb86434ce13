/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Backup files: the list of apps of a board, byte for byte, in a file that
 * says where it belongs. docs/backup.md is the format.
 *
 * Ownership: struct backup owns its memory until backup_free.
 * Trust: a file that is read may come from anywhere; what backup_read gives
 * is whole, but what the objects in it hold was not looked at.
 */

#include "host/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BACKUP_BOARD_MAX = 32 }; /* bytes of a board's name, NUL included */

struct backup {
    char board[BACKUP_BOARD_MAX];
    uint32_t start;       /* address of the first byte */
    const uint8_t *bytes; /* the list, up to its end   */
    uint32_t len;
    uint8_t *file; /* what was read; null if it was made by hand */
};

/* Is the file at path a backup, by its first bytes? False also if it cannot
 * be read: whoever opens it next tells why. */
bool backup_is_one(const char *path);

/* ERR_INPUT if it is none, was cut off or has changed. */
MUST_USE int backup_read(const char *path, struct backup *out, struct err *e);

/* Replaces the file at path in one step. */
MUST_USE int backup_write(const char *path, const struct backup *backup,
                          struct err *e);

void backup_free(struct backup *backup);
