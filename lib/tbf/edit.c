/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * What counts from where decides what a change drags along. Entry point and
 * trailer size count from the header's end, binary_end and the regions from
 * the object's start. So a header that takes bytes of the trailer changes the
 * first two, a binary that moves the last two, and a change that does both at
 * once all four: `move_header_end` gets the distances and writes them.
 */
#include "tbf/edit.h"

#include "base/attr.h"
#include "base/bits.h"
#include "base/le.h"
#include "base/mem.h"
#include "tbf/entry.h"

/* docs/tbf.md §2, §4.1, §4.9 and §5. */
enum {
    HEADER_SIZE_AT = 2,
    TOTAL_SIZE_AT = 4,
    CHECKSUM_AT = 12,
    ENTRY_HEAD = 4,
    INIT_AT = 0,
    TRAILER_AT = 4,
    BINARY_END_AT = 12,
    REGION_LEN = 8,
    FOOTER_HEAD = 8,
    FOOTER_MAX_DATA = 65531,
    LEAST_POWER = 512, /* sizes below are no sign of an Arm app, §6 */
};

const char *tbf_edit_text(enum tbf_edit status)
{
    static const char *const texts[] = {
        [TBF_EDIT_OK] = "ok",
        [TBF_EDIT_NO_ROOM] = "too few free bytes behind the app",
        [TBF_EDIT_FIXED] = "the app binary would move, but it is linked for "
                           "its flash address",
        [TBF_EDIT_HEADER_FULL] = "the header would be larger than 65532 bytes",
        [TBF_EDIT_NO_PROGRAM] = "the header has no Program entry",
        [TBF_EDIT_FOOTERS] = "the bytes behind the last footer are neither a "
                             "footer nor free",
        [TBF_EDIT_NO_ENTRY] = "the header has no such entry",
        [TBF_EDIT_REFUSED] = "kernels would refuse the result",
    };

    if ((uint32_t)status >= ARRAY_COUNT(texts))
        return "unknown status";
    return texts[status];
}

static bool parse(const uint8_t *object, struct tbf_header *h)
{
    return tbf_parse(object, le32_load(object + TOTAL_SIZE_AT), h) == TBF_OK &&
           !h->is_padding;
}

static void correct_checksum(uint8_t *object)
{
    uint32_t header_size = le16_load(object + HEADER_SIZE_AT);

    le32_store(object + CHECKSUM_AT, tbf_checksum(object, header_size));
}

/* --- footers -------------------------------------------------------------- */

static uint32_t footer_size(const struct tbf_footer *footer)
{
    return tbf_footer_size(footer->len);
}

/* Erased flash, or the zeros that are too few for a footer. */
static bool is_filler(const uint8_t *bytes, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++)
        if (bytes[i] != bytes[0] || (bytes[0] != 0 && bytes[0] != 0xff))
            return false;
    return true;
}

/* Bytes behind the binary that no credential takes. */
static enum tbf_edit measure_room(const uint8_t *object,
                                  const struct tbf_header *h, uint32_t *room)
{
    struct tbf_footers walk = tbf_footers_start(h, object);
    struct tbf_footer footer;

    if (!h->has_program)
        return TBF_EDIT_NO_PROGRAM;
    *room = h->total_size - h->binary_end;
    while (tbf_footers_next(&walk, &footer))
        if (footer.format != TBF_CREDENTIAL_RESERVED)
            *room -= footer_size(&footer);
    return is_filler(object + walk.offset, walk.end - walk.offset)
               ? TBF_EDIT_OK
               : TBF_EDIT_FOOTERS;
}

/* Closes the gaps between credentials; returns where they end then. */
static uint32_t compact(uint8_t *object, const struct tbf_header *h)
{
    struct tbf_footers walk = tbf_footers_start(h, object);
    struct tbf_footer footer;
    uint32_t to = h->binary_end;

    while (tbf_footers_next(&walk, &footer)) {
        if (footer.format == TBF_CREDENTIAL_RESERVED)
            continue;
        memmove(object + to, object + footer.offset, footer_size(&footer));
        to += footer_size(&footer);
    }
    return to;
}

static void free_from(uint8_t *object, uint32_t at)
{
    tbf_build_reserved(object + at, le32_load(object + TOTAL_SIZE_AT) - at);
}

enum tbf_edit tbf_footer_room(const uint8_t *object, uint32_t *room)
{
    struct tbf_header h;

    return parse(object, &h) ? measure_room(object, &h, room)
                             : TBF_EDIT_REFUSED;
}

/* Kernels' walks end at other formats, whatever stands behind them, §10. */
static bool is_known_to_kernels(uint32_t format)
{
    return format <= TBF_CREDENTIAL_ECDSA_P256;
}

/* Where a new footer of this format goes among those that end at end. */
static uint32_t footer_place(const uint8_t *object, const struct tbf_header *h,
                             uint32_t format, uint32_t end)
{
    struct tbf_footers walk = tbf_footers_start(h, object);
    struct tbf_footer footer;

    walk.end = end;
    while (tbf_footers_next(&walk, &footer))
        if (is_known_to_kernels(format) && !is_known_to_kernels(footer.format))
            return footer.offset;
    return end;
}

enum tbf_edit tbf_add_footer(uint8_t *object, uint32_t format,
                             const uint8_t *data, uint32_t len,
                             uint32_t *missing)
{
    struct tbf_header h;
    uint32_t size = tbf_footer_size(len);
    uint32_t room;
    uint32_t end;
    uint32_t at;
    enum tbf_edit status;

    if (!parse(object, &h) || len > FOOTER_MAX_DATA)
        return TBF_EDIT_REFUSED;
    status = measure_room(object, &h, &room);
    if (status != TBF_EDIT_OK)
        return status;
    if (size > room) {
        *missing = size - room;
        return TBF_EDIT_NO_ROOM;
    }
    end = compact(object, &h);
    at = footer_place(object, &h, format, end);
    memmove(object + at + size, object + at, end - at);
    if (!tbf_build_footer(object + at, size, format, data, len))
        return TBF_EDIT_REFUSED;
    free_from(object, end + size);
    return TBF_EDIT_OK;
}

void tbf_set_footer(uint8_t *object, const struct tbf_footer *footer,
                    const uint8_t *data)
{
    memcpy(object + footer->offset + FOOTER_HEAD, data, footer->len);
}

enum tbf_edit tbf_remove_footer(uint8_t *object,
                                const struct tbf_footer *footer)
{
    struct tbf_header h;
    uint32_t room;
    enum tbf_edit status;

    if (!parse(object, &h))
        return TBF_EDIT_REFUSED;
    status = measure_room(object, &h, &room);
    if (status != TBF_EDIT_OK)
        return status;
    tbf_build_reserved(object + footer->offset, footer_size(footer));
    free_from(object, compact(object, &h));
    return TBF_EDIT_OK;
}

enum tbf_edit tbf_grow(uint8_t *object, uint32_t total_size)
{
    struct tbf_header h;
    uint32_t room;
    enum tbf_edit status;

    if (!parse(object, &h) || total_size < h.total_size || total_size % 4 != 0)
        return TBF_EDIT_REFUSED;
    status = measure_room(object, &h, &room);
    if (status != TBF_EDIT_OK)
        return status;
    tbf_set_total_size(object, total_size);
    free_from(object, compact(object, &h));
    return TBF_EDIT_OK;
}

uint32_t tbf_grown_size(uint32_t total_size, uint32_t missing)
{
    uint64_t size = align_up_u64((uint64_t)total_size + missing, 4);

    if (size > UINT32_MAX)
        return 0;
    if (is_power_of_two(total_size) && total_size >= LEAST_POWER)
        size = next_power_of_two((uint32_t)size);
    return size > UINT32_MAX ? 0 : (uint32_t)size;
}

/* --- entries -------------------------------------------------------------- */

/* Bytes of all entries of the type. */
static uint32_t entries_size(const uint8_t *object, uint32_t header_size,
                             uint32_t type)
{
    struct tbf_entries walk = tbf_entries_start(object, header_size);
    struct tbf_entry entry;
    uint32_t size = 0;

    while (tbf_entries_next(&walk, &entry))
        if (entry.type == type)
            size += entry.size;
    return size;
}

/* How far the binary has to move for a header that grows by grow bytes. */
static enum tbf_edit find_shift(const uint8_t *object,
                                const struct tbf_header *h, uint32_t grow,
                                uint32_t *shift, uint32_t *missing)
{
    uint32_t room;
    enum tbf_edit status;

    *shift = 0;
    if (grow <= h->protected_size - h->header_size)
        return TBF_EDIT_OK;
    if (h->fixed_flash != TBF_NOT_FIXED)
        return TBF_EDIT_FIXED;
    status = measure_room(object, h, &room);
    if (status != TBF_EDIT_OK)
        return status;
    if (grow > room) {
        *missing = grow - room;
        return TBF_EDIT_NO_ROOM;
    }
    *shift = grow;
    return TBF_EDIT_OK;
}

static void shift_regions(uint8_t *object, const struct tbf_entry *entry,
                          uint32_t shift)
{
    uint8_t *at = object + entry->offset + ENTRY_HEAD;

    for (uint32_t i = 0; i < entry->len / REGION_LEN; i++, at += REGION_LEN)
        le32_store(at, le32_load(at) + shift);
}

/* Moves what lies behind the header; the header's numbers come later. */
static void shift_binary(uint8_t *object, const struct tbf_header *h,
                         uint32_t shift)
{
    struct tbf_entries walk = tbf_entries_start(object, h->header_size);
    struct tbf_entry entry;
    uint32_t end = compact(object, h);

    while (tbf_entries_next(&walk, &entry))
        if (entry.type == TBF_TYPE_WRITEABLE_REGIONS)
            shift_regions(object, &entry, shift);
    memmove(object + h->header_size + shift, object + h->header_size,
            end - h->header_size);
    free_from(object, end + shift);
}

/* Main has no binary_end. */
static void set_program(uint8_t *data, uint16_t type,
                        const struct tbf_header *h, uint32_t shift,
                        uint32_t header_size)
{
    le32_store(data + INIT_AT, h->init_offset + shift - header_size);
    le32_store(data + TRAILER_AT, h->protected_size + shift - header_size);
    if (type == TBF_TYPE_PROGRAM)
        le32_store(data + BINARY_END_AT, h->binary_end + shift);
}

/*
 * The header now ends at header_size, and the binary was moved by shift from
 * where h says: brings all numbers up to date. A second Main or Program does
 * not count and may be anything.
 */
static void move_header_end(uint8_t *object, const struct tbf_header *h,
                            uint32_t shift, uint32_t header_size)
{
    struct tbf_entries walk;
    struct tbf_entry entry;
    bool has_main = false;
    bool has_program = false;

    le16_store(object + HEADER_SIZE_AT, (uint16_t)header_size);
    walk = tbf_entries_start(object, header_size);
    while (tbf_entries_next(&walk, &entry)) {
        bool *found = entry.type == TBF_TYPE_MAIN      ? &has_main
                      : entry.type == TBF_TYPE_PROGRAM ? &has_program
                                                       : NULL;

        if (found == NULL || *found)
            continue;
        *found = true;
        set_program(object + entry.offset + ENTRY_HEAD, entry.type, h, shift,
                    header_size);
    }
    correct_checksum(object);
}

/*
 * Takes all entries of the type out of the header of header_size bytes.
 * Returns where it ends now; *at is where the first of them was.
 */
static uint32_t take_out(uint8_t *object, uint32_t header_size, uint32_t type,
                         uint32_t *at)
{
    struct tbf_entries walk = tbf_entries_start(object, header_size);
    struct tbf_entry entry;
    uint32_t to = TBF_BASE_SIZE;
    bool is_first = true;

    *at = header_size;
    while (tbf_entries_next(&walk, &entry)) {
        if (entry.type == type) {
            if (is_first)
                *at = entry.offset;
            is_first = false;
            continue;
        }
        memmove(object + to, object + entry.offset, entry.size);
        to += entry.size;
    }
    memset(object + to, 0, header_size - to);
    return to;
}

enum tbf_edit tbf_put_entry(uint8_t *object, enum tbf_type type,
                            const struct tbf_spec *spec, uint32_t *missing)
{
    struct tbf_header h;
    uint64_t size = tbf_entry_size(spec, type);
    uint32_t old_size;
    uint32_t shift;
    uint32_t end;
    uint32_t at;
    enum tbf_edit status;

    if (size == 0 || !parse(object, &h))
        return TBF_EDIT_REFUSED;
    old_size = entries_size(object, h.header_size, type);
    if (h.header_size - old_size + size > TBF_MAX_HEADER_SIZE)
        return TBF_EDIT_HEADER_FULL;
    status =
        find_shift(object, &h, size > old_size ? (uint32_t)size - old_size : 0,
                   &shift, missing);
    if (status != TBF_EDIT_OK)
        return status;
    if (shift != 0)
        shift_binary(object, &h, shift);
    end = take_out(object, h.header_size, type, &at);
    memmove(object + at + size, object + at, end - at);
    tbf_build_entry(spec, type, object + at);
    move_header_end(object, &h, shift, end + (uint32_t)size);
    return TBF_EDIT_OK;
}

enum tbf_edit tbf_remove_entries(uint8_t *object, uint32_t type)
{
    struct tbf_header h;
    uint32_t at;
    uint32_t end;

    if (!parse(object, &h))
        return TBF_EDIT_REFUSED;
    if (entries_size(object, h.header_size, type) == 0)
        return TBF_EDIT_NO_ENTRY;
    if (type == TBF_TYPE_PROGRAM || (type == TBF_TYPE_MAIN && !h.has_program))
        return TBF_EDIT_REFUSED;
    end = take_out(object, h.header_size, type, &at);
    move_header_end(object, &h, 0, end);
    return TBF_EDIT_OK;
}

/* --- fields --------------------------------------------------------------- */

/* Where the data of the entry begins that counts, docs/tbf.md §3; 0 if none. */
static uint32_t find_data(const uint8_t *object, uint32_t header_size,
                          uint32_t type)
{
    struct tbf_entries walk = tbf_entries_start(object, header_size);
    struct tbf_entry entry;
    bool first_counts = type == TBF_TYPE_MAIN || type == TBF_TYPE_PROGRAM;
    uint32_t at = 0;

    while (tbf_entries_next(&walk, &entry))
        if (entry.type == type && (at == 0 || !first_counts))
            at = entry.offset + ENTRY_HEAD;
    return at;
}

static void store_field(uint8_t *at, const struct tbf_field *field,
                        uint32_t value)
{
    if (field->len == 2)
        le16_store(at, (uint16_t)value);
    else
        le32_store(at, value);
}

/* Is the object what a kernel takes, after its field was changed? */
static bool is_good_still(uint8_t *object, uint32_t total_size)
{
    struct tbf_header h;

    if (le16_load(object + HEADER_SIZE_AT) > total_size)
        return false;
    correct_checksum(object);
    return le32_load(object + TOTAL_SIZE_AT) <= total_size && parse(object, &h);
}

enum tbf_edit tbf_set_field(uint8_t *object, uint32_t type, const char *name,
                            uint32_t value)
{
    const struct tbf_field *field = tbf_field(type, name);
    struct tbf_header h;
    uint32_t at;
    uint32_t old;

    if (!parse(object, &h))
        return TBF_EDIT_REFUSED;
    at = type == TBF_BASE_HEADER ? 0 : find_data(object, h.header_size, type);
    if (field == NULL || (at == 0 && type != TBF_BASE_HEADER))
        return TBF_EDIT_NO_ENTRY;
    if (field->len == 2 && value > UINT16_MAX)
        return TBF_EDIT_REFUSED;
    old = tbf_field_get(field, object + at);
    store_field(object + at + field->at, field, value);
    if (is_good_still(object, h.total_size) &&
        tbf_field_get(field, object + at) == value) /* not the checksum */
        return TBF_EDIT_OK;
    store_field(object + at + field->at, field, old);
    correct_checksum(object);
    return TBF_EDIT_REFUSED;
}
