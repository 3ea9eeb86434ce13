/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * lib/tbf reads anything: an app region of random bytes is walked, and every
 * object's header, regions, permissions, storage ids and footers are read.
 * Broken promises of tbf/tbf.h abort; ASan sees reads outside the region.
 *
 * Random bytes seldom have a right checksum: the first input byte, if odd,
 * asks for all checksums in the region to be put right first.
 */
#include "tbf/tbf.h"
#include "tbf/text.h"

#include "base/le.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void correct_checksums(uint8_t *bytes, uint32_t len)
{
    uint32_t at = 0;

    while (len - at >= TBF_BASE_SIZE) {
        uint32_t header_size = le16_load(bytes + at + 2);
        uint32_t total_size = le32_load(bytes + at + 4);

        if (header_size >= TBF_BASE_SIZE && header_size <= len - at)
            le32_store(bytes + at + 12, tbf_checksum(bytes + at, header_size));
        if (total_size < TBF_BASE_SIZE || total_size > len - at)
            return;
        at += total_size;
    }
}

static void read_regions(const struct tbf_header *h)
{
    uint32_t count = tbf_region_count(h);
    uint32_t offset;
    uint32_t size;

    for (uint32_t i = 0; i < count; i++) {
        must(tbf_region(h, i, &offset, &size));
        must((uint64_t)offset + size <= h->binary_end);
        must(size == 0 || offset >= h->protected_size);
    }
    must(!tbf_region(h, count, &offset, &size));
}

static void read_permissions(const struct tbf_header *h)
{
    uint32_t count = tbf_permission_count(h);
    uint32_t driver;
    uint32_t offset;
    uint64_t mask;

    for (uint32_t i = 0; i < count; i++) {
        uint64_t found;

        must(tbf_permission_at(h, i, &driver, &offset, &mask));
        if (i < 16) /* looking up is linear: not for all of thousands */
            must(tbf_permission(h, driver, offset, &found) ==
                 TBF_PERMISSION_LISTED);
    }
    must(!tbf_permission_at(h, count, &driver, &offset, &mask));
    must((h->permissions == NULL) ==
         (tbf_permission(h, 0x12345, 0, &mask) == TBF_PERMISSION_NONE));
}

static void read_storage(const struct tbf_header *h)
{
    struct tbf_storage storage;

    if (tbf_storage(h, &storage))
        must(storage.read_count <= TBF_MAX_STORAGE_IDS &&
             storage.modify_count <= TBF_MAX_STORAGE_IDS);
    else
        must(storage.write_id == 0 && storage.read_count == 0);
}

static void read_footers(const struct tbf_header *h, const uint8_t *bytes)
{
    struct tbf_footers walk = tbf_footers_start(h, bytes);
    struct tbf_footer footer;
    uint32_t at = walk.offset;
    volatile uint8_t sink;

    while (tbf_footers_next(&walk, &footer)) {
        uint32_t needed;

        must(footer.offset == at && walk.offset == at + 8 + footer.len);
        must(walk.offset <= h->total_size);
        must(!tbf_credential_len(footer.format, &needed) ||
             footer.len >= needed);
        for (uint32_t i = 0; i < footer.len; i++)
            sink = footer.data[i];
        must(tbf_credential_text(footer.format) != NULL);
        at = walk.offset;
    }
    (void)sink;
}

static void read_app(const struct tbf_header *h, const uint8_t *bytes)
{
    must(h->header_size <= h->protected_size);
    must(h->protected_size <= h->init_offset);
    must(h->init_offset < h->binary_end);
    must(h->binary_end <= h->total_size);
    must(h->name == NULL ||
         (const uint8_t *)h->name + h->name_len <= bytes + h->header_size);
    must(tbf_runnable(h, 0x40000, 2, 3) != TBF_PADDING);
    read_regions(h);
    read_permissions(h);
    read_storage(h);
    read_footers(h, bytes);
}

static void read_object(const struct tbf_object *object, const uint8_t *bytes)
{
    const struct tbf_header *h = &object->header;

    must(object->size >= TBF_BASE_SIZE && object->size % 4 == 0);
    must(object->size == h->total_size);
    must(tbf_status_text(object->status) != NULL);
    if (object->status != TBF_OK)
        return;
    if (h->is_padding)
        must(tbf_runnable(h, 0, 2, 3) == TBF_PADDING);
    else
        read_app(h, bytes);
}

static void walk_region(const uint8_t *bytes, uint32_t len)
{
    struct tbf_walk walk = tbf_walk_start(bytes, len);
    struct tbf_object object;
    uint32_t at = 0;

    while (tbf_walk_next(&walk, &object)) {
        must(object.offset == at && walk.offset == at + object.size);
        must(walk.offset <= len);
        read_object(&object, bytes + at);
        at = walk.offset;
    }
    must(walk.offset == at);
    must(walk.end == TBF_END || walk.end == TBF_END_BAD ||
         walk.end == TBF_BEYOND);
}

/* A reader with only part of the header gets TRUNCATED or the same answer. */
static void read_parts(const uint8_t *bytes, uint32_t len)
{
    struct tbf_header whole;
    enum tbf_status status = tbf_parse(bytes, len, &whole);
    uint32_t cut = len < 8 ? len : 8 + (len - 8) / 2;
    uint8_t *part = malloc(cut + 1);
    struct tbf_header h;
    enum tbf_status of_part;

    memcpy(part, bytes, cut);
    of_part = tbf_parse_part(part, cut, len, &h);
    must(of_part == status ||
         (of_part == TBF_TRUNCATED && h.header_size > cut));
    free(part);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t len = (uint32_t)size - 1;
    uint8_t *bytes;

    if (size == 0)
        return 0;
    bytes = malloc(len + (len == 0));
    memcpy(bytes, data + 1, len);
    if ((data[0] & 1) != 0)
        correct_checksums(bytes, len);
    walk_region(bytes, len);
    read_parts(bytes, len);
    free(bytes);
    return 0;
}
