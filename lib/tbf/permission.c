/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/tbf.h"

#include "base/le.h"
#include "base/mem.h"

/* Record sizes, docs/tbf.md §4.2, §4.6 and §4.7. */
enum {
    REGION_LEN = 8,
    PERMISSIONS_HEAD = 2,
    PERMISSION_LEN = 16,
    ID_LEN = 4,
    COUNT_LEN = 2,
};

uint32_t tbf_region_count(const struct tbf_header *h)
{
    return h->regions_len / REGION_LEN;
}

bool tbf_region(const struct tbf_header *h, uint32_t index, uint32_t *offset,
                uint32_t *size)
{
    const uint8_t *at;

    if (index >= tbf_region_count(h))
        return false;
    at = h->regions + REGION_LEN * index;
    *offset = le32_load(at);
    *size = le32_load(at + 4);
    return true;
}

uint32_t tbf_permission_count(const struct tbf_header *h)
{
    return h->permissions == NULL ? 0 : le16_load(h->permissions);
}

bool tbf_permission_at(const struct tbf_header *h, uint32_t index,
                       uint32_t *driver, uint32_t *offset, uint64_t *mask)
{
    const uint8_t *at;

    if (index >= tbf_permission_count(h))
        return false;
    at = h->permissions + PERMISSIONS_HEAD + PERMISSION_LEN * index;
    *driver = le32_load(at);
    *offset = le32_load(at + 4);
    *mask = le64_load(at + 8);
    return true;
}

enum tbf_permission tbf_permission(const struct tbf_header *h, uint32_t driver,
                                   uint32_t offset, uint64_t *mask)
{
    bool is_listed = false;
    uint32_t its_driver;
    uint32_t its_offset;
    uint64_t its_mask;

    *mask = 0;
    if (h->permissions == NULL)
        return TBF_PERMISSION_NONE;
    for (uint32_t i = 0;
         tbf_permission_at(h, i, &its_driver, &its_offset, &its_mask); i++) {
        if (its_driver != driver)
            continue;
        is_listed = true;
        if (its_offset == offset) {
            *mask = its_mask;
            break;
        }
    }
    return is_listed ? TBF_PERMISSION_LISTED : TBF_PERMISSION_UNKNOWN;
}

/* Reads a count and that many ids at *at; false if they are not all there. */
static bool read_ids(const uint8_t **at, const uint8_t *end, uint16_t *count,
                     uint32_t ids[TBF_MAX_STORAGE_IDS])
{
    if (end - *at < COUNT_LEN)
        return false;
    *count = le16_load(*at);
    *at += COUNT_LEN;
    if (*count > TBF_MAX_STORAGE_IDS || end - *at < ID_LEN * *count)
        return false;
    for (uint32_t i = 0; i < *count; i++, *at += ID_LEN)
        ids[i] = le32_load(*at);
    return true;
}

bool tbf_storage(const struct tbf_header *h, struct tbf_storage *out)
{
    const uint8_t *at = h->storage;
    const uint8_t *end;

    memset(out, 0, sizeof(*out));
    if (h->storage_len < ID_LEN)
        return false;
    end = at + h->storage_len;
    out->write_id = le32_load(at);
    at += ID_LEN;
    if (read_ids(&at, end, &out->read_count, out->read_ids) &&
        read_ids(&at, end, &out->modify_count, out->modify_ids))
        return true;
    memset(out, 0, sizeof(*out));
    return false;
}
