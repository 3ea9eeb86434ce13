/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Tar archives in memory, over libarchive: the only file that knows it.
 *
 * libarchive is linked statically and only with the sections in use: as a
 * shared library it would bring nine others and cost every run of a tool more
 * time than all of its own work (docs/architecture.md, "Start-up").
 */

#include "host/file.h"

#include <stddef.h>
#include <stdint.h>

struct tarfile_member {
    const char *name;
    const uint8_t *bytes;
    size_t len;
    int64_t mtime;   /* seconds since 1970                                  */
    bool is_lasting; /* tarfile_make may refer to bytes instead of copying  */
};

/*
 * Calls take for every member, in order; name and bytes live during the call
 * only. take returns 0, or -1 after err_set to stop. ERR_INPUT if the bytes
 * are no tar archive, end too early or hold something else than plain files.
 */
typedef int tarfile_take(void *context, const struct tarfile_member *member,
                         struct err *e);
MUST_USE int tarfile_walk(const uint8_t *bytes, size_t len, tarfile_take *take,
                          void *context, struct err *e);

/* A new archive with these members. */
MUST_USE int tarfile_make(const struct tarfile_member *members, size_t count,
                          struct file_pieces *out, struct err *e);
