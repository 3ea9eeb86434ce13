/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "format.h"

#include "base/le.h"
#include "tickv/siphash.h"

enum { AT_VERSION = 0, AT_LEN = 1, AT_KEY = 3 };
enum { PIECE = 32 };

/* --- numbers -------------------------------------------------------------- */

static uint64_t reversed(uint64_t value)
{
    uint64_t out = 0;

    for (int i = 0; i < 8; i++, value >>= 8)
        out = out << 8 | (value & 0xff);
    return out;
}

/* The digest's bytes, lowest first, are the number's, highest first. */
uint64_t tickv_hash(struct span key)
{
    return reversed(siphash_24((struct siphash_key){0, 0}, key));
}

/* What four bits at the high end of the register do to the rest of it:
 * polynomial 0x04c11db7, bits from the highest on. */
static uint32_t add_to_crc(uint32_t crc, struct span bytes)
{
    static const uint32_t table[16] = {
        0x00000000, 0x04c11db7, 0x09823b6e, 0x0d4326d9, 0x130476dc, 0x17c56b6b,
        0x1a864db2, 0x1e475005, 0x2608edb8, 0x22c9f00f, 0x2f8ad6d6, 0x2b4bcb61,
        0x350c9b64, 0x31cd86d3, 0x3c8ea00a, 0x384fbdbd};

    for (uint32_t at = 0; at < bytes.len; at++) {
        crc ^= (uint32_t)span_get(bytes, at) << 24;
        crc = crc << 4 ^ table[crc >> 28];
        crc = crc << 4 ^ table[crc >> 28];
    }
    return crc;
}

void format_object(uint64_t key, struct span value, uint8_t head[HEADER_LEN],
                   uint8_t tail[CHECK_LEN])
{
    uint32_t len = TICKV_OVERHEAD + value.len;
    uint32_t crc;

    head[AT_VERSION] = VERSION;
    head[AT_LEN] = (uint8_t)(FLAG_VALID | len >> 8);
    head[AT_LEN + 1] = (uint8_t)len;
    le64_store(head + AT_KEY, reversed(key));
    crc = add_to_crc(0, (struct span){head, HEADER_LEN});
    le32_store(tail, ~add_to_crc(crc, value));
}

uint32_t tickv_max_value(const struct tickv_flash *flash)
{
    uint32_t room = flash->region_size - FILLER_LEN - ROOM_BEHIND;

    return (room < MAX_OBJECT ? room : MAX_OBJECT) - TICKV_OVERHEAD;
}

/* --- regions -------------------------------------------------------------- */

uint32_t region_start(const struct tickv *self, uint32_t region)
{
    return region * self->flash->region_size;
}

uint32_t region_of(const struct tickv *self, uint32_t offset)
{
    return offset / self->flash->region_size;
}

uint32_t region_in_order(const struct tickv *self, uint64_t key, uint32_t index)
{
    uint32_t count = self->flash->regions;
    uint32_t home = (uint32_t)(key & 0xffff) % count;
    uint32_t both = home < count - 1 - home ? home : count - 1 - home;

    if (index > 2 * both)
        return home == both ? index : count - 1 - index;
    return index % 2 != 0 ? home + (index + 1) / 2 : home - index / 2;
}

bool flash_read(const struct tickv *self, uint32_t offset, struct span into)
{
    return self->flash->read(self->flash, offset, into);
}

static bool is_erased(struct span bytes)
{
    for (uint32_t i = 0; i < bytes.len; i++) {
        if (span_get(bytes, i) != ERASED)
            return false;
    }
    return true;
}

/* --- objects -------------------------------------------------------------- */

/* The next at most PIECE bytes of [offset, end); empty: there are none, or
 * they could not be read. */
static struct span read_piece(const struct tickv *self, uint32_t offset,
                              uint32_t end, uint8_t piece[PIECE])
{
    struct span bytes = span_part((struct span){piece, PIECE}, 0, end - offset);

    return flash_read(self, offset, bytes) ? bytes : (struct span){piece, 0};
}

/* A header with any version; false: it is no possible one, or unreadable. */
static bool header_at(const struct tickv *self, uint32_t offset,
                      uint8_t *version, struct tickv_object *out)
{
    uint8_t head[HEADER_LEN];
    uint32_t end =
        region_start(self, region_of(self, offset)) + self->flash->region_size;
    uint32_t len;

    if (end - offset < TICKV_OVERHEAD ||
        !flash_read(self, offset, (struct span){head, sizeof(head)}))
        return false;
    len = (uint32_t)(head[AT_LEN] & 0x0f) << 8 | head[AT_LEN + 1];
    *version = head[AT_VERSION];
    *out = (struct tickv_object){
        .key = reversed(le64_load(head + AT_KEY)),
        .offset = offset,
        .len = len,
        .is_valid = (head[AT_LEN] & FLAG_VALID) != 0,
    };
    return len >= TICKV_OVERHEAD && len <= end - offset;
}

bool object_at(const struct tickv *self, uint32_t offset,
               struct tickv_object *out)
{
    uint8_t version;

    return header_at(self, offset, &version, out) && version == VERSION;
}

bool object_is_sound(const struct tickv *self,
                     const struct tickv_object *object, bool is_torn)
{
    uint8_t piece[PIECE];
    uint8_t check[CHECK_LEN];
    uint32_t at = object->offset;
    uint32_t end = at + object->len - CHECK_LEN;
    uint32_t crc = 0;

    while (at < end) {
        struct span bytes = read_piece(self, at, end, piece);

        if (bytes.len == 0)
            return false;
        if (is_torn && at == object->offset)
            span_set(bytes, AT_VERSION, VERSION);
        crc = add_to_crc(crc, bytes);
        at += bytes.len;
    }
    return flash_read(self, end, (struct span){check, sizeof(check)}) &&
           le32_load(check) == (uint32_t)~crc;
}

bool objects_are_equal(const struct tickv *self, const struct tickv_object *a,
                       const struct tickv_object *b)
{
    uint8_t of_a[PIECE];
    uint8_t of_b[PIECE];

    if (a->len != b->len)
        return false;
    for (uint32_t at = 0; at < a->len; at += PIECE) {
        struct span in_a =
            read_piece(self, a->offset + at, a->offset + a->len, of_a);
        struct span in_b =
            read_piece(self, b->offset + at, b->offset + b->len, of_b);

        if (in_a.len == 0 || in_a.len != in_b.len ||
            memcmp(of_a, of_b, in_a.len) != 0)
            return false;
    }
    return true;
}

bool object_has_value(const struct tickv *self,
                      const struct tickv_object *object, struct span value)
{
    uint8_t piece[PIECE];
    uint32_t start = object->offset + HEADER_LEN;

    if (object->len != TICKV_OVERHEAD + value.len)
        return false;
    for (uint32_t at = 0; at < value.len; at += PIECE) {
        struct span bytes =
            read_piece(self, start + at, start + value.len, piece);

        if (bytes.len == 0 || memcmp(piece, value.ptr + at, bytes.len) != 0)
            return false;
    }
    return true;
}

bool is_torn_object(const struct tickv *self, uint32_t offset)
{
    struct tickv_object object;
    uint8_t version;

    return header_at(self, offset, &version, &object) && object.is_valid &&
           version != ERASED && (version & VERSION) != 0 &&
           object_is_sound(self, &object, true);
}

/* --- walks ---------------------------------------------------------------- */

struct tickv_object region_next(const struct tickv *self, uint32_t region,
                                uint32_t offset)
{
    struct tickv_object object;

    if (region_of(self, offset) != region)
        return (struct tickv_object){0};
    for (; object_at(self, offset, &object); offset += object.len) {
        if (object.is_valid && object_is_sound(self, &object, false))
            return object;
        if (region_of(self, offset + object.len) != region)
            break;
    }
    return (struct tickv_object){0};
}

struct tickv_object region_find(const struct tickv *self, uint32_t region,
                                uint64_t key)
{
    uint32_t end = region_start(self, region) + self->flash->region_size;
    uint32_t offset = region_start(self, region);
    struct tickv_object object;

    for (; offset < end && object_at(self, offset, &object);
         offset += object.len) {
        if (object.is_valid && object.key == key &&
            object_is_sound(self, &object, false))
            return object;
    }
    return (struct tickv_object){0};
}

struct tickv_object region_find_last(const struct tickv *self, uint32_t region,
                                     uint64_t key, uint32_t keep)
{
    uint32_t end = region_start(self, region) + self->flash->region_size;
    uint32_t offset = region_start(self, region);
    struct tickv_object last = {0};
    struct tickv_object object;

    for (; offset < end && object_at(self, offset, &object);
         offset += object.len) {
        if (object.is_valid && object.key == key && offset != keep)
            last = object;
    }
    return last;
}

static bool is_erased_range(const struct tickv *self, uint32_t at, uint32_t end)
{
    uint8_t piece[PIECE];

    while (at < end) {
        struct span bytes = read_piece(self, at, end, piece);

        if (bytes.len == 0 || !is_erased(bytes))
            return false;
        at += bytes.len;
    }
    return true;
}

struct survey region_survey(const struct tickv *self, uint32_t region)
{
    uint32_t end = region_start(self, region) + self->flash->region_size;
    struct survey survey = {.end = region_start(self, region)};
    struct tickv_object object;
    uint8_t byte;

    if (!flash_read(self, survey.end, (struct span){&byte, 1}))
        return (struct survey){.is_unread = true};
    for (; survey.end < end && object_at(self, survey.end, &object);
         survey.end += object.len) {
        if (!object.is_valid || !object_is_sound(self, &object, false))
            continue;
        survey.live += object.len;
        survey.has_mark |=
            object.key == MARK_KEY && object.len == TICKV_OVERHEAD;
    }
    survey.used = survey.end - region_start(self, region);
    survey.is_open = is_erased_range(self, survey.end, end);
    return survey;
}

bool survey_is_free(const struct survey *survey)
{
    return survey->live == 0 && survey->is_open && survey->used <= FILLER_LEN;
}
