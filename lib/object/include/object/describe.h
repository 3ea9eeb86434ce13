/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Telling what is in an object file: entries with their offsets and meaning,
 * the parts of each object, its footers and what they are worth, where its
 * bytes go. Malformed objects are told as far as they go.
 *
 * Trust: hostile objects; nothing of theirs reaches a terminal unescaped.
 */

#include "host/json.h"
#include "object/file.h"
#include "object/verify.h"

/* For people. */
void object_describe_text(const struct object_file *file,
                          const struct object_keys *keys, FILE *to);

/* Adds "path", "kind", "tab" and "objects" as docs/json/inspect-1.json tells.
 */
void object_describe_json(const struct object_file *file,
                          const struct object_keys *keys, struct json *to);

/* ERR_INPUT if an object of the file is malformed: the first one is named. */
MUST_USE int object_describe_check(const struct object_file *file,
                                   struct err *e);

/* Where the bytes of a well-formed app are; they add up to total_size. */
struct object_sizes {
    uint32_t header;
    uint32_t trailer;
    uint32_t binary;
    uint32_t credentials;
    uint32_t reserve; /* Reserved footers and padding */
};
struct object_sizes object_sizes(const struct tbf_header *h,
                                 const uint8_t *bytes);
