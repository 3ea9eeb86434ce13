/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/build.h"

#include "base/bits.h"
#include "base/le.h"
#include "base/mem.h"

enum {
    ENTRY_HEAD = 4,
    FOOTER_HEAD = 8, /* type, length, format */
    FOOTER_MAX_DATA = 65531,
    /* A multiple of 8 below the most that one footer can take: when more is
     * left than one can take, the rest is then at least 8 bytes again. */
    RESERVED_STEP = 65528,
    TOTAL_SIZE_AT = 4,
    FLAGS_AT = 8,
    CHECKSUM_AT = 12,
};

/* Lengths of the entries' data, docs/tbf.md §4; 64 bits: no sum can wrap. */
static uint64_t regions_len(uint32_t count)
{
    return 8 * (uint64_t)count;
}

static uint64_t permissions_len(const struct tbf_spec *spec)
{
    return 2 + 16 * (uint64_t)spec->permission_count;
}

static uint64_t storage_len(const struct tbf_spec *spec)
{
    return 8 + 4 * ((uint64_t)spec->read_count + spec->modify_count);
}

/* The optional entries, in the order in which they are written. */
static const enum tbf_type optional_types[] = {
    TBF_TYPE_NAME,        TBF_TYPE_WRITEABLE_REGIONS, TBF_TYPE_FIXED_ADDRESSES,
    TBF_TYPE_PERMISSIONS, TBF_TYPE_STORAGE,           TBF_TYPE_KERNEL_VERSION,
    TBF_TYPE_SHORT_ID,
};

static bool is_wanted(const struct tbf_spec *spec, enum tbf_type type)
{
    switch (type) {
    case TBF_TYPE_NAME:
        return spec->name != NULL;
    case TBF_TYPE_WRITEABLE_REGIONS:
        return spec->region_count != 0;
    case TBF_TYPE_FIXED_ADDRESSES:
        return spec->has_fixed_addresses;
    case TBF_TYPE_PERMISSIONS:
        return spec->permission_count != 0;
    case TBF_TYPE_STORAGE:
        return spec->has_storage;
    case TBF_TYPE_KERNEL_VERSION:
        return spec->has_kernel_version;
    case TBF_TYPE_SHORT_ID:
        return spec->has_short_id;
    default:
        return false;
    }
}

static uint64_t data_len(const struct tbf_spec *spec, enum tbf_type type)
{
    switch (type) {
    case TBF_TYPE_NAME:
        return spec->name_len;
    case TBF_TYPE_WRITEABLE_REGIONS:
        return regions_len(spec->region_count);
    case TBF_TYPE_FIXED_ADDRESSES:
        return 8;
    case TBF_TYPE_PERMISSIONS:
        return permissions_len(spec);
    case TBF_TYPE_STORAGE:
        return storage_len(spec);
    default: /* kernel version and short id */
        return 4;
    }
}

uint64_t tbf_entry_size(const struct tbf_spec *spec, enum tbf_type type)
{
    if (type == TBF_TYPE_WRITEABLE_REGIONS && spec->has_entry_per_region)
        return (ENTRY_HEAD + regions_len(1)) * spec->region_count;
    return is_wanted(spec, type)
               ? ENTRY_HEAD + align_up_u64(data_len(spec, type), 4)
               : 0;
}

uint32_t tbf_header_size(const struct tbf_spec *spec)
{
    uint64_t size = TBF_BASE_SIZE + ENTRY_HEAD + 12 + /* Main */
                    ENTRY_HEAD + 20;                  /* Program */

    for (uint32_t i = 0; i < ARRAY_COUNT(optional_types); i++)
        size += tbf_entry_size(spec, optional_types[i]);
    return size <= TBF_MAX_HEADER_SIZE ? (uint32_t)size : 0;
}

/* Writers below return the place behind what they wrote; room was checked. */

static uint8_t *put16(uint8_t *at, uint32_t value)
{
    le16_store(at, (uint16_t)value);
    return at + 2;
}

static uint8_t *put32(uint8_t *at, uint32_t value)
{
    le32_store(at, value);
    return at + 4;
}

static uint8_t *put_entry_head(uint8_t *at, enum tbf_type type, uint64_t len)
{
    at = put16(at, type);
    return put16(at, (uint32_t)len);
}

/* Main and Program begin with the same three words. */
static uint8_t *put_program_words(uint8_t *at, const struct tbf_spec *spec,
                                  uint32_t header_size)
{
    at = put32(at, spec->init_offset - header_size);
    at = put32(at, spec->protected_size - header_size);
    return put32(at, spec->minimum_ram);
}

static uint8_t *put_programs(uint8_t *at, const struct tbf_spec *spec,
                             uint32_t header_size)
{
    at = put_entry_head(at, TBF_TYPE_MAIN, 12);
    at = put_program_words(at, spec, header_size);
    at = put_entry_head(at, TBF_TYPE_PROGRAM, 20);
    at = put_program_words(at, spec, header_size);
    at = put32(at, spec->binary_end);
    return put32(at, spec->version);
}

/* The buffer is zero already, so that padding is only stepped over. */
static uint8_t *put_name(uint8_t *at, const struct tbf_spec *spec)
{
    at = put_entry_head(at, TBF_TYPE_NAME, spec->name_len);
    memcpy(at, spec->name, spec->name_len);
    return at + align_up_u64(spec->name_len, 4);
}

static uint8_t *put_regions(uint8_t *at, const struct tbf_spec *spec)
{
    if (!spec->has_entry_per_region)
        at = put_entry_head(at, TBF_TYPE_WRITEABLE_REGIONS,
                            regions_len(spec->region_count));
    for (uint32_t i = 0; i < spec->region_count; i++) {
        if (spec->has_entry_per_region)
            at = put_entry_head(at, TBF_TYPE_WRITEABLE_REGIONS, regions_len(1));
        at = put32(at, spec->regions[i].offset);
        at = put32(at, spec->regions[i].size);
    }
    return at;
}

static uint8_t *put_permissions(uint8_t *at, const struct tbf_spec *spec)
{
    at = put_entry_head(at, TBF_TYPE_PERMISSIONS, permissions_len(spec));
    at = put16(at, spec->permission_count);
    for (uint32_t i = 0; i < spec->permission_count; i++) {
        at = put32(at, spec->permissions[i].driver);
        at = put32(at, spec->permissions[i].offset);
        le64_store(at, spec->permissions[i].mask);
        at += 8;
    }
    return at + 2;
}

static uint8_t *put_ids(uint8_t *at, const uint32_t *ids, uint32_t count)
{
    at = put16(at, count);
    for (uint32_t i = 0; i < count; i++)
        at = put32(at, ids[i]);
    return at;
}

static uint8_t *put_storage(uint8_t *at, const struct tbf_spec *spec)
{
    at = put_entry_head(at, TBF_TYPE_STORAGE, storage_len(spec));
    at = put32(at, spec->write_id);
    at = put_ids(at, spec->read_ids, spec->read_count);
    return put_ids(at, spec->modify_ids, spec->modify_count);
}

static uint8_t *put_fixed_addresses(uint8_t *at, const struct tbf_spec *spec)
{
    at = put_entry_head(at, TBF_TYPE_FIXED_ADDRESSES, 8);
    at = put32(at, spec->fixed_ram);
    return put32(at, spec->fixed_flash);
}

static uint8_t *put_kernel_version(uint8_t *at, const struct tbf_spec *spec)
{
    at = put_entry_head(at, TBF_TYPE_KERNEL_VERSION, 4);
    at = put16(at, spec->kernel_major);
    return put16(at, spec->kernel_minor);
}

static uint8_t *put_short_id(uint8_t *at, const struct tbf_spec *spec)
{
    at = put_entry_head(at, TBF_TYPE_SHORT_ID, 4);
    return put32(at, spec->short_id);
}

static uint8_t *put_optional(uint8_t *at, const struct tbf_spec *spec,
                             enum tbf_type type)
{
    switch (type) {
    case TBF_TYPE_NAME:
        return put_name(at, spec);
    case TBF_TYPE_WRITEABLE_REGIONS:
        return put_regions(at, spec);
    case TBF_TYPE_FIXED_ADDRESSES:
        return put_fixed_addresses(at, spec);
    case TBF_TYPE_PERMISSIONS:
        return put_permissions(at, spec);
    case TBF_TYPE_STORAGE:
        return put_storage(at, spec);
    case TBF_TYPE_KERNEL_VERSION:
        return put_kernel_version(at, spec);
    default:
        return put_short_id(at, spec);
    }
}

void tbf_build_entry(const struct tbf_spec *spec, enum tbf_type type,
                     uint8_t *buf)
{
    memset(buf, 0, (size_t)tbf_entry_size(spec, type));
    if (is_wanted(spec, type))
        put_optional(buf, spec, type);
}

static void put_entries(uint8_t *at, const struct tbf_spec *spec,
                        uint32_t header_size)
{
    at = put_programs(at, spec, header_size);
    for (uint32_t i = 0; i < ARRAY_COUNT(optional_types); i++)
        if (is_wanted(spec, optional_types[i]))
            at = put_optional(at, spec, optional_types[i]);
}

static void put_base(uint8_t *at, uint32_t header_size, uint32_t total_size,
                     uint32_t flags)
{
    uint8_t *start = at;

    at = put16(at, TBF_VERSION);
    at = put16(at, header_size);
    at = put32(at, total_size);
    at = put32(at, flags);
    put32(at, tbf_checksum(start, header_size));
}

bool tbf_build_header(const struct tbf_spec *spec, uint8_t *buf, size_t len)
{
    uint32_t size = tbf_header_size(spec);

    if (size == 0 || size > len || spec->protected_size < size ||
        spec->init_offset < size)
        return false;
    memset(buf, 0, size);
    put_entries(buf + TBF_BASE_SIZE, spec, size);
    put_base(buf, size, spec->total_size, spec->flags);
    return true;
}

uint32_t tbf_footer_size(uint32_t len)
{
    return FOOTER_HEAD + len;
}

bool tbf_build_footer(uint8_t *buf, size_t room, uint32_t format,
                      const uint8_t *data, uint32_t len)
{
    if (len > FOOTER_MAX_DATA || tbf_footer_size(len) > room)
        return false;
    buf = put_entry_head(buf, TBF_TYPE_CREDENTIALS, 4 + (uint64_t)len);
    buf = put32(buf, format);
    if (len != 0)
        memcpy(buf, data, len);
    return true;
}

void tbf_put_reserved(uint8_t *buf, size_t room)
{
    while (room >= FOOTER_HEAD) {
        size_t step =
            room <= FOOTER_HEAD + FOOTER_MAX_DATA ? room : RESERVED_STEP;

        put_entry_head(buf, TBF_TYPE_CREDENTIALS, step - ENTRY_HEAD);
        buf += step;
        room -= step;
    }
}

void tbf_build_reserved(uint8_t *buf, size_t room)
{
    memset(buf, 0, room);
    tbf_put_reserved(buf, room);
}

void tbf_build_reserved_cut(uint8_t *buf, size_t room)
{
    memset(buf, 0, room);
    if (room >= FOOTER_HEAD)
        put_entry_head(buf, TBF_TYPE_CREDENTIALS,
                       (uint16_t)(room - ENTRY_HEAD));
}

void tbf_build_padding(uint8_t buf[TBF_BASE_SIZE], uint32_t size)
{
    put_base(buf, TBF_BASE_SIZE, size, 0);
}

/* The checksum is an XOR: it changes by what the word changes by. */
static void set_word(uint8_t *header, uint32_t at, uint32_t value)
{
    uint32_t change = le32_load(header + at) ^ value;

    le32_store(header + at, value);
    le32_store(header + CHECKSUM_AT, le32_load(header + CHECKSUM_AT) ^ change);
}

void tbf_set_flags(uint8_t *header, uint32_t flags)
{
    set_word(header, FLAGS_AT, flags);
}

void tbf_set_total_size(uint8_t *header, uint32_t total_size)
{
    set_word(header, TOTAL_SIZE_AT, total_size);
}
