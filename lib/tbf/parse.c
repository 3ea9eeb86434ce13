/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/tbf.h"

#include "base/bits.h"
#include "base/le.h"
#include "base/mem.h"

/* Offsets in the base header, docs/tbf.md §2. */
enum {
    BASE_VERSION = 0,
    BASE_HEADER_SIZE = 2,
    BASE_TOTAL_SIZE = 4,
    BASE_FLAGS = 8,
    BASE_CHECKSUM = 12,
    BASE_HEAD = 8, /* bytes that tell how long the object is */
};

/* Lengths of the entries that have but one, and of records, §4. */
enum {
    ENTRY_HEAD = 4,
    MAIN_LEN = 12,
    PROGRAM_LEN = 20,
    FIXED_ADDRESSES_LEN = 8,
    KERNEL_VERSION_LEN = 4,
    SHORT_ID_LEN = 4,
    REGION_LEN = 8,
    PERMISSIONS_HEAD = 2,
    PERMISSION_LEN = 16,
};

struct entry {
    uint16_t type;
    uint16_t len;
    const uint8_t *data;
};

/* The entries that say where the program is; null if not met. */
struct programs {
    const uint8_t *main;
    const uint8_t *program;
};

/*
 * Length of the UTF-8 sequence at s, 0 if there is none. As Unicode demands,
 * overlong forms, surrogates and values above U+10FFFF are none.
 */
static uint32_t utf8_sequence(const uint8_t *s, uint32_t len)
{
    uint8_t low = 0x80;
    uint8_t high = 0xbf;
    uint32_t more;

    if (s[0] < 0x80)
        return 1;
    if (s[0] < 0xc2 || s[0] > 0xf4)
        return 0;
    more = s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : 3;
    if (len <= more)
        return 0;
    if (s[0] == 0xe0)
        low = 0xa0;
    else if (s[0] == 0xed)
        high = 0x9f;
    else if (s[0] == 0xf0)
        low = 0x90;
    else if (s[0] == 0xf4)
        high = 0x8f;
    if (s[1] < low || s[1] > high)
        return 0;
    for (uint32_t i = 2; i <= more; i++)
        if (s[i] < 0x80 || s[i] > 0xbf)
            return 0;
    return more + 1;
}

static bool is_utf8(const uint8_t *s, uint32_t len)
{
    while (len > 0) {
        uint32_t step = utf8_sequence(s, len);

        if (step == 0)
            return false;
        s += step;
        len -= step;
    }
    return true;
}

static bool has_right_length(const struct entry *e)
{
    switch (e->type) {
    case TBF_TYPE_MAIN:
        return e->len == MAIN_LEN;
    case TBF_TYPE_PROGRAM:
        return e->len == PROGRAM_LEN;
    case TBF_TYPE_WRITEABLE_REGIONS:
        return e->len % REGION_LEN == 0;
    case TBF_TYPE_FIXED_ADDRESSES:
        return e->len == FIXED_ADDRESSES_LEN;
    case TBF_TYPE_KERNEL_VERSION:
        return e->len == KERNEL_VERSION_LEN;
    case TBF_TYPE_SHORT_ID:
        return e->len == SHORT_ID_LEN;
    default:
        return true;
    }
}

/* Surplus bytes are harmless; missing records could open everything, §4.6. */
static bool has_all_permissions(const struct entry *e)
{
    return e->len >= PERMISSIONS_HEAD &&
           PERMISSIONS_HEAD + PERMISSION_LEN * (uint32_t)le16_load(e->data) <=
               e->len;
}

/* Stores an entry of right length; of repeated ones the last stays. */
static enum tbf_status take_optional(struct tbf_header *h,
                                     const struct entry *e)
{
    switch (e->type) {
    case TBF_TYPE_WRITEABLE_REGIONS:
        h->regions = e->data;
        h->regions_len = e->len;
        break;
    case TBF_TYPE_NAME:
        if (!is_utf8(e->data, e->len))
            return TBF_BAD_NAME;
        h->name = (const char *)e->data;
        h->name_len = e->len;
        break;
    case TBF_TYPE_FIXED_ADDRESSES:
        h->fixed_ram = le32_load(e->data);
        h->fixed_flash = le32_load(e->data + 4);
        break;
    case TBF_TYPE_PERMISSIONS:
        if (!has_all_permissions(e))
            return TBF_BAD_PERMISSIONS;
        h->permissions = e->data;
        h->permissions_len = e->len;
        break;
    case TBF_TYPE_STORAGE:
        h->storage = e->data;
        h->storage_len = e->len;
        break;
    case TBF_TYPE_KERNEL_VERSION:
        h->has_kernel_version = true;
        h->kernel_major = le16_load(e->data);
        h->kernel_minor = le16_load(e->data + 2);
        break;
    case TBF_TYPE_SHORT_ID:
        h->short_id = le32_load(e->data);
        break;
    default:
        break;
    }
    return TBF_OK;
}

/* A second Main or Program is skipped whatever its length, §4. */
static enum tbf_status take_entry(struct tbf_header *h, struct programs *found,
                                  const struct entry *e)
{
    const uint8_t **first = e->type == TBF_TYPE_MAIN      ? &found->main
                            : e->type == TBF_TYPE_PROGRAM ? &found->program
                                                          : NULL;

    if (first != NULL && *first != NULL)
        return TBF_OK;
    if (!has_right_length(e)) {
        h->bad_type = e->type;
        return TBF_BAD_LENGTH;
    }
    if (first != NULL) {
        *first = e->data;
        return TBF_OK;
    }
    return take_optional(h, e);
}

/*
 * The header's size and each step are multiples of 4: where there is anything
 * left, there is an entry's head, and where its data fits, its padding does.
 */
static enum tbf_status read_entries(struct tbf_header *h,
                                    struct programs *found)
{
    uint32_t off = TBF_BASE_SIZE;

    while (off < h->header_size) {
        const uint8_t *at = h->bytes + off;
        uint32_t left = h->header_size - off;
        enum tbf_status status;
        struct entry e;

        e = (struct entry){le16_load(at), le16_load(at + 2), at + ENTRY_HEAD};
        if (e.len > left - ENTRY_HEAD)
            return TBF_BAD_ENTRIES;
        status = take_entry(h, found, &e);
        if (status != TBF_OK)
            return status;
        off += ENTRY_HEAD + (uint32_t)align_up_u64(e.len, 4);
    }
    return TBF_OK;
}

/* Offsets in the entry count from the header's end; ours from the start. */
static enum tbf_status place_program(struct tbf_header *h,
                                     const struct programs *found)
{
    const uint8_t *p = found->program != NULL ? found->program : found->main;
    uint64_t init;
    uint64_t protected_size;

    if (p == NULL)
        return TBF_NO_PROGRAM;
    init = (uint64_t)h->header_size + le32_load(p);
    protected_size = (uint64_t)h->header_size + le32_load(p + 4);
    h->minimum_ram = le32_load(p + 8);
    h->has_program = found->program != NULL;
    h->binary_end = h->has_program ? le32_load(p + 12) : h->total_size;
    h->version = h->has_program ? le32_load(p + 16) : 0;
    if (h->binary_end > h->total_size)
        return TBF_BAD_BINARY_END;
    if (protected_size > h->binary_end)
        return TBF_BAD_PROTECTED;
    h->protected_size = (uint32_t)protected_size;
    if (init < protected_size || init >= h->binary_end)
        return TBF_BAD_ENTRY_POINT;
    h->init_offset = (uint32_t)init;
    return TBF_OK;
}

/* An empty region opens nothing and may stand in front of the app, §4.2. */
static enum tbf_status check_regions(const struct tbf_header *h)
{
    uint32_t offset;
    uint32_t size;

    for (uint32_t i = 0; tbf_region(h, i, &offset, &size); i++)
        if (!range_inside(offset, size, size == 0 ? 0 : h->protected_size,
                          h->binary_end))
            return TBF_BAD_REGION;
    return TBF_OK;
}

static enum tbf_status parse_entries(struct tbf_header *h)
{
    struct programs found = {NULL, NULL};
    enum tbf_status status = read_entries(h, &found);

    if (status == TBF_OK)
        status = place_program(h, &found);
    if (status == TBF_OK)
        status = check_regions(h);
    return status;
}

enum tbf_status tbf_parse_part(const uint8_t *bytes, size_t len,
                               size_t available, struct tbf_header *out)
{
    memset(out, 0, sizeof(*out));
    out->bytes = bytes;
    out->fixed_ram = TBF_NOT_FIXED;
    out->fixed_flash = TBF_NOT_FIXED;

    if (len < BASE_HEAD || le16_load(bytes + BASE_VERSION) != TBF_VERSION)
        return TBF_END;
    out->header_size = le16_load(bytes + BASE_HEADER_SIZE);
    out->total_size = le32_load(bytes + BASE_TOTAL_SIZE);
    if (out->total_size < TBF_BASE_SIZE || out->total_size % 4 != 0)
        return TBF_END_BAD;
    if (out->total_size > available)
        return TBF_BEYOND;
    if (out->header_size < TBF_BASE_SIZE || out->header_size % 4 != 0 ||
        out->header_size > out->total_size)
        return TBF_BAD_HEADER_SIZE;
    if (len < out->header_size)
        return TBF_TRUNCATED;
    if (tbf_checksum(bytes, out->header_size) !=
        le32_load(bytes + BASE_CHECKSUM))
        return TBF_BAD_CHECKSUM;
    out->flags = le32_load(bytes + BASE_FLAGS);
    out->is_padding = out->header_size == TBF_BASE_SIZE;
    return out->is_padding ? TBF_OK : parse_entries(out);
}

enum tbf_status tbf_parse(const uint8_t *bytes, size_t len,
                          struct tbf_header *out)
{
    return tbf_parse_part(bytes, len, len, out);
}

uint32_t tbf_checksum(const uint8_t *header, size_t header_size)
{
    uint32_t sum = 0;

    for (size_t off = 0; header_size - off >= 4; off += 4)
        if (off != BASE_CHECKSUM)
            sum ^= le32_load(header + off);
    return sum;
}

enum tbf_status tbf_runnable(const struct tbf_header *h, uint32_t address,
                             uint32_t kernel_major, uint32_t kernel_minor)
{
    if (h->is_padding)
        return TBF_PADDING;
    if ((h->flags & TBF_FLAG_ENABLED) == 0)
        return TBF_DISABLED;
    if (!h->has_kernel_version)
        return TBF_NO_KERNEL_VERSION;
    if (h->kernel_major != kernel_major || h->kernel_minor > kernel_minor)
        return TBF_WRONG_KERNEL;
    if (h->fixed_flash != TBF_NOT_FIXED &&
        (uint64_t)address + h->protected_size != h->fixed_flash)
        return TBF_WRONG_FLASH;
    /* The kernel reads both again and again, and the other apps wait. */
    if (h->header_size > TBF_RUN_HEADER_MAX || h->name_len > TBF_RUN_NAME_MAX)
        return TBF_TOO_LONG;
    return TBF_OK;
}
