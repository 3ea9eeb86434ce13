/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/entry.h"

#include "base/attr.h"
#include "base/bits.h"
#include "base/le.h"

/* docs/tbf.md §2, §3, §4.2, §4.6 and §4.7. */
enum {
    HEADER_SIZE_AT = 2,
    ENTRY_HEAD = 4,
    REGION_LEN = 8,
    PERMISSIONS_HEAD = 2,
    PERMISSION_LEN = 16,
    ID_LEN = 4,
    COUNT_LEN = 2,
};

struct tbf_entries tbf_entries_start(const uint8_t *bytes, size_t len)
{
    uint32_t end = TBF_BASE_SIZE;

    if (len >= TBF_BASE_SIZE)
        end = le16_load(bytes + HEADER_SIZE_AT);
    if (end > len)
        end = (uint32_t)len;
    return (struct tbf_entries){bytes,
                                end < TBF_BASE_SIZE ? end : TBF_BASE_SIZE, end};
}

bool tbf_entries_next(struct tbf_entries *walk, struct tbf_entry *out)
{
    const uint8_t *at = walk->bytes + walk->offset;
    uint32_t left = walk->end - walk->offset;
    uint64_t size;

    if (left < ENTRY_HEAD)
        return false;
    size = ENTRY_HEAD + align_up_u64(le16_load(at + 2), 4);
    if (size > left)
        return false;
    *out = (struct tbf_entry){
        .offset = walk->offset,
        .size = (uint32_t)size,
        .type = le16_load(at),
        .len = le16_load(at + 2),
        .data = at + ENTRY_HEAD,
    };
    walk->offset += (uint32_t)size;
    return true;
}

static const struct tbf_field base_fields[] = {
    {"version", 0, 2}, {"header_size", 2, 2}, {"total_size", 4, 4},
    {"flags", 8, 4},   {"checksum", 12, 4},
};

/* Main has the first three of them. */
static const struct tbf_field program_fields[] = {
    {"init_fn_offset", 0, 4},   {"protected_size", 4, 4},
    {"minimum_ram_size", 8, 4}, {"binary_end_offset", 12, 4},
    {"app_version", 16, 4},
};
enum { MAIN_FIELDS = 3 };

static const struct tbf_field fixed_fields[] = {
    {"fixed_address_ram", 0, 4},
    {"fixed_address_flash", 4, 4},
};

static const struct tbf_field kernel_fields[] = {
    {"kernel_major", 0, 2},
    {"kernel_minor", 2, 2},
};

static const struct tbf_field short_id_fields[] = {
    {"short_id", 0, 4},
};

const struct tbf_field *tbf_fields(uint32_t type, uint32_t *count)
{
    switch (type) {
    case TBF_BASE_HEADER:
        *count = ARRAY_COUNT(base_fields);
        return base_fields;
    case TBF_TYPE_MAIN:
        *count = MAIN_FIELDS;
        return program_fields;
    case TBF_TYPE_PROGRAM:
        *count = ARRAY_COUNT(program_fields);
        return program_fields;
    case TBF_TYPE_FIXED_ADDRESSES:
        *count = ARRAY_COUNT(fixed_fields);
        return fixed_fields;
    case TBF_TYPE_KERNEL_VERSION:
        *count = ARRAY_COUNT(kernel_fields);
        return kernel_fields;
    case TBF_TYPE_SHORT_ID:
        *count = ARRAY_COUNT(short_id_fields);
        return short_id_fields;
    default:
        *count = 0;
        return NULL;
    }
}

static bool is_same(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

const struct tbf_field *tbf_field(uint32_t type, const char *name)
{
    uint32_t count;
    const struct tbf_field *fields = tbf_fields(type, &count);

    for (uint32_t i = 0; i < count; i++)
        if (is_same(fields[i].name, name))
            return &fields[i];
    return NULL;
}

uint32_t tbf_field_get(const struct tbf_field *field, const uint8_t *data)
{
    data += field->at;
    return field->len == 2 ? le16_load(data) : le32_load(data);
}

bool tbf_entry_region(const struct tbf_entry *entry, uint32_t index,
                      struct tbf_region_spec *out)
{
    const uint8_t *at;

    if (index >= entry->len / REGION_LEN)
        return false;
    at = entry->data + REGION_LEN * index;
    *out = (struct tbf_region_spec){le32_load(at), le32_load(at + 4)};
    return true;
}

bool tbf_entry_permission(const struct tbf_entry *entry, uint32_t index,
                          struct tbf_permission_spec *out)
{
    uint32_t len = entry->len;
    const uint8_t *at;

    if (len < PERMISSIONS_HEAD || index >= le16_load(entry->data) ||
        index >= (len - PERMISSIONS_HEAD) / PERMISSION_LEN)
        return false;
    at = entry->data + PERMISSIONS_HEAD + PERMISSION_LEN * index;
    *out = (struct tbf_permission_spec){le32_load(at), le32_load(at + 4),
                                        le64_load(at + 8)};
    return true;
}

/* The id at index of the list whose count stands at at. */
static bool id_of_list(const struct tbf_entry *entry, uint32_t at,
                       uint32_t index, uint32_t *out)
{
    if (at + COUNT_LEN > entry->len || index >= le16_load(entry->data + at))
        return false;
    at += COUNT_LEN + ID_LEN * index;
    if (at + ID_LEN > entry->len)
        return false;
    *out = le32_load(entry->data + at);
    return true;
}

bool tbf_entry_id(const struct tbf_entry *entry, enum tbf_id_kind kind,
                  uint32_t index, uint32_t *out)
{
    uint32_t read_at = ID_LEN;
    uint32_t modify_at;

    if (entry->len < ID_LEN)
        return false;
    if (kind == TBF_ID_WRITE) {
        *out = le32_load(entry->data);
        return index == 0;
    }
    if (kind == TBF_ID_READ)
        return id_of_list(entry, read_at, index, out);
    if (read_at + COUNT_LEN > entry->len)
        return false;
    modify_at = read_at + COUNT_LEN +
                ID_LEN * (uint32_t)le16_load(entry->data + read_at);
    return id_of_list(entry, modify_at, index, out);
}
