/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Header entries one by one, as they lie there.
 *
 * tbf_parse answers what a header means; here is what it is made of, entry by
 * entry and field by field, repeated and unknown entries included, also of a
 * header that tbf_parse refuses. For tools that show or change headers.
 *
 * Ownership: everything points into the caller's bytes. Context: pure, any.
 * Trust: hostile bytes; any input gives entries inside [bytes, bytes + len).
 */

#include "tbf/build.h"

struct tbf_entry {
    uint32_t offset; /* of its head, from the start of the object        */
    uint32_t size;   /* head, data and padding                           */
    uint16_t type;   /* enum tbf_type or unknown                         */
    uint16_t len;    /* of data                                          */
    const uint8_t *data;
};

struct tbf_entries {
    const uint8_t *bytes; /* the object, borrowed */
    uint32_t offset;
    uint32_t end;
};

/*
 * The entries of the object of which len bytes are at hand. When the walk has
 * ended before the end (offset < end), no entry fits from there on.
 */
struct tbf_entries tbf_entries_start(const uint8_t *bytes, size_t len);
bool tbf_entries_next(struct tbf_entries *walk, struct tbf_entry *out);

/*
 * A number at a fixed place of an entry. Its name is the one that Tock's
 * tools use on their command lines.
 */
struct tbf_field {
    const char *name;
    uint8_t at;  /* in the data; of the base header, in the object */
    uint8_t len; /* 2 or 4                                         */
};

/* "Type" of the base header, which no entry can have. */
#define TBF_BASE_HEADER 0x10000u

/* The fields of a type; none (count 0) for lists, names and unknown types. */
const struct tbf_field *tbf_fields(uint32_t type, uint32_t *count);

/* The field of that name; null if the type has none. */
const struct tbf_field *tbf_field(uint32_t type, const char *name);

/* at + len of the field lie inside the data. */
uint32_t tbf_field_get(const struct tbf_field *field, const uint8_t *data);

/* Records of entries that are lists; false behind the last whole one. */
bool tbf_entry_region(const struct tbf_entry *entry, uint32_t index,
                      struct tbf_region_spec *out);
bool tbf_entry_permission(const struct tbf_entry *entry, uint32_t index,
                          struct tbf_permission_spec *out);

/* Ids of a storage entry, any number of them. */
enum tbf_id_kind { TBF_ID_WRITE, TBF_ID_READ, TBF_ID_MODIFY };
bool tbf_entry_id(const struct tbf_entry *entry, enum tbf_id_kind kind,
                  uint32_t index, uint32_t *out);
