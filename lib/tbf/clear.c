/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tbf/clear.h"

#include "base/le.h"
#include "tbf/build.h"

enum { HEADER_SIZE_AT = 2 };

static bool only_clears(uint32_t from, uint32_t to)
{
    return (to & ~from) == 0;
}

bool tbf_clear_enabled(uint8_t *header)
{
    uint32_t flags = le32_load(header + TBF_FLAGS_AT);

    if ((flags & TBF_FLAG_ENABLED) == 0 ||
        (le32_load(header + TBF_CHECKSUM_AT) & TBF_FLAG_ENABLED) == 0)
        return false;
    tbf_set_flags(header, flags & ~TBF_FLAG_ENABLED);
    return true;
}

void tbf_clear_retire(uint8_t *header)
{
    uint32_t flags = le32_load(header + TBF_FLAGS_AT);

    le32_store(header + TBF_FLAGS_AT, flags & ~TBF_FLAG_ENABLED);
    le32_store(header + TBF_CHECKSUM_AT, 0);
}

bool tbf_clear_is_retired(const uint8_t *header)
{
    return (le32_load(header + TBF_FLAGS_AT) & TBF_FLAG_ENABLED) == 0 &&
           le32_load(header + TBF_CHECKSUM_AT) == 0;
}

bool tbf_clear_finish(uint8_t *header, uint32_t header_size)
{
    uint32_t flags = le32_load(header + TBF_FLAGS_AT);
    uint32_t stored = le32_load(header + TBF_CHECKSUM_AT);
    uint32_t right = tbf_checksum(header, header_size);

    if ((flags & TBF_FLAG_ENABLED) != 0 || stored == 0)
        return false;
    /* The checksum's bit was to follow. */
    if (right == (stored ^ TBF_FLAG_ENABLED) && only_clears(stored, right)) {
        le32_store(header + TBF_CHECKSUM_AT, right);
        return true;
    }
    /* It was on its way to zero, from what belonged to the enabled app or to
     * the disabled one. */
    if (stored == right || !only_clears(right | TBF_FLAG_ENABLED, stored))
        return false;
    le32_store(header + TBF_CHECKSUM_AT, 0);
    return true;
}

static bool is_erased(const uint8_t *bytes, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (bytes[i] != 0xff)
            return false;
    return true;
}

/* Is nobody's object cut off? What follows is erased, or padding that was
 * written before. */
static bool is_free(const uint8_t *bytes, uint32_t from, uint32_t to,
                    uint32_t len)
{
    struct tbf_header next;

    return is_erased(bytes, from, to < len ? to : len) ||
           (tbf_parse(bytes + from, len - from, &next) == TBF_OK &&
            next.is_padding);
}

/* Tries one header size, with the one total size that the checksum allows. */
static bool try_head(uint8_t *bytes, uint32_t len, uint32_t size)
{
    uint32_t seen = le32_load(bytes + TBF_TOTAL_SIZE_AT);
    struct tbf_header parsed;

    le16_store(bytes + HEADER_SIZE_AT, (uint16_t)size);
    uint32_t total =
        seen ^ tbf_checksum(bytes, size) ^ le32_load(bytes + TBF_CHECKSUM_AT);

    le32_store(bytes + TBF_TOTAL_SIZE_AT, total);
    return only_clears(seen, total) &&
           tbf_parse(bytes, len, &parsed) == TBF_OK &&
           is_free(bytes, total, seen, len);
}

bool tbf_clear_finish_head(uint8_t *bytes, uint32_t len, bool with_total_size)
{
    uint32_t seen_size = le16_load(bytes + HEADER_SIZE_AT);
    uint32_t seen_total = le32_load(bytes + TBF_TOTAL_SIZE_AT);

    for (uint32_t size = TBF_BASE_SIZE; size <= seen_size && size <= len;
         size += 4) {
        if (!only_clears(seen_size, size))
            continue;
        bool is_valid = try_head(bytes, len, size);
        bool is_same_total = le32_load(bytes + TBF_TOTAL_SIZE_AT) == seen_total;

        if (is_valid && (is_same_total ? size != seen_size : with_total_size))
            return true;
        le32_store(bytes + TBF_TOTAL_SIZE_AT, seen_total);
        le16_store(bytes + HEADER_SIZE_AT, (uint16_t)seen_size);
    }
    return false;
}
