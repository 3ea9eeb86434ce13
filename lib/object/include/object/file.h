/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Objects on disk: a .tbf file with one object, or a .tab archive with several.
 *
 * What a file is, its contents tell: an object begins with its version, an
 * archive is marked as tar. Only if neither speaks, the name's ending counts.
 * Both look the same afterwards: a struct tab with objects in it, of a .tbf
 * one with the empty name.
 *
 * Ownership: struct object_file owns its objects until object_file_free; the
 * path is borrowed. Context: one thread. Trust: files may be hostile. A TAB
 * that is malformed as an archive is an error; a malformed object is none
 * here: it can still be described (object/describe.h).
 */

#include "tab/tab.h"
#include "tbf/tbf.h"

struct object_file {
    const char *path;
    bool is_tab;
    struct tab tab;
};

/* ERR_INPUT if it cannot be read or is a malformed archive. */
MUST_USE int object_file_read(const char *path, struct object_file *out,
                              struct err *e);
void object_file_free(struct object_file *file);

/*
 * Replaces the file at path, which need not be the one that was read, in one
 * step. All of a TAB that was not changed is as it was.
 */
MUST_USE int object_file_write(const struct object_file *file, const char *path,
                               struct err *e);

/* The object's name in messages: "cortex-m4.tbf", or the file's path. */
struct object_name {
    char text[300];
};
struct object_name object_name(const struct object_file *file, size_t index);

/*
 * Is the object what kernels take, and nothing behind it? What *h holds after
 * a failure tbf_parse tells. ERR_INPUT names the defect.
 */
MUST_USE int object_check(const struct object_file *file, size_t index,
                          struct tbf_header *h, struct err *e);

/* Why not; an empty text if it is. */
struct object_problem {
    char text[160];
};
struct object_problem object_problem(const uint8_t *bytes, size_t len,
                                     struct tbf_header *h);
