/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Whole files in, whole files out.
 *
 * Reading is bounded by a cap that the caller sets. Writing never touches the
 * old file: the new contents go to a temporary file in the same folder
 * (file_stage) that takes the old one's place in one step (file_commit). A
 * tool with several outputs stages all of them, then commits all, so that a
 * failure leaves every old file as it was. An existing file keeps its mode; a
 * symbolic link stays one and its target is replaced; something that is no
 * regular file (/dev/stdout, a pipe) is written when it is committed. A file
 * that has the contents already only gets a new date. Long runs of zeros take
 * no room on the disk.
 *
 * Ownership: struct file_bytes owns its memory until file_free; the bytes
 * given to file_stage are borrowed until commit or discard.
 */

#include "host/err.h"

#include <stddef.h>
#include <stdint.h>

struct file_bytes {
    uint8_t *bytes; /* never null after success, also for an empty file */
    size_t len;
};

/* ERR_INPUT if the file cannot be read or has more than max bytes. */
MUST_USE int file_read(const char *path, size_t max, struct file_bytes *out,
                       struct err *e);
void file_free(struct file_bytes *file);

/* How much a staged file must survive. */
enum file_care {
    FILE_ATOMIC,  /* the end of this process at any moment */
    FILE_DURABLE, /* also a power cut: waits for the disk  */
};

/* A file's contents may lie in several places. */
struct file_piece {
    const void *bytes;
    size_t len;
};

/* A whole file's contents; what lies nowhere else is in own. */
struct file_pieces {
    struct file_piece *list;
    size_t count;
    uint8_t *own;
};
void file_pieces_free(struct file_pieces *pieces);

struct file_staged {
    char *path;                      /* symbolic links resolved        */
    char *temp;                      /* null if there is none:         */
    bool is_current;                 /* path has the contents already, */
                                     /* else it is no regular file     */
    const struct file_piece *pieces; /* null: only the one             */
    size_t count;
    struct file_piece one;
    enum file_care care;
};

/* Zero-initialised before; on failure there is nothing to discard. */
MUST_USE int file_stage_pieces(struct file_staged *out, const char *path,
                               const struct file_piece *pieces, size_t count,
                               enum file_care care, struct err *e);
MUST_USE int file_stage(struct file_staged *out, const char *path,
                        const void *bytes, size_t len, enum file_care care,
                        struct err *e);

/* Success or failure, nothing is left to discard. */
MUST_USE int file_commit(struct file_staged *staged, struct err *e);

/* Removes the temporary file. Harmless when nothing is staged. */
void file_discard(struct file_staged *staged);

/* Stage and commit in one. */
MUST_USE int file_write(const char *path, const void *bytes, size_t len,
                        enum file_care care, struct err *e);
