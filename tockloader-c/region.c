/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "region.h"

#include "base/mem.h"
#include "host/alloc.h"
#include "tbf/clear.h"
#include "tbf/text.h"

#include <stdio.h>
#include <stdlib.h>

enum { ERASED = 0xff };

static void read_list(struct region *region)
{
    uint32_t start = region->board->apps.start;
    struct tbf_walk walk =
        tbf_walk_start(region->bytes, region->board->apps.size);
    struct tbf_object found;
    size_t room = 0;

    while (tbf_walk_next(&walk, &found)) {
        if (region->count == room) {
            room = room == 0 ? 16 : 2 * room;
            region->objects =
                alloc_resize(region->objects, room, sizeof *region->objects);
        }
        region->objects[region->count++] = (struct region_object){
            .address = start + found.offset,
            .size = found.size,
            .status = found.status,
            .header = found.header,
        };
    }
    region->end = start + walk.offset;
    region->end_status = walk.end;
}

static bool is_alive(const struct region_object *object)
{
    return region_is_app(object) &&
           (object->header.flags & TBF_FLAG_ENABLED) != 0;
}

/* Is there an enabled app of the same name behind the disabled one? */
static bool has_successor(const struct region *region, size_t at)
{
    const struct tbf_header *h = &region->objects[at].header;

    for (size_t i = at + 1; i < region->count; i++)
        if (is_alive(&region->objects[i]) &&
            region_is_named(&region->objects[i].header, h->name, h->name_len))
            return true;
    return false;
}

static bool is_retired(const struct region *region, size_t at)
{
    const struct region_object *object = &region->objects[at];

    if (object->status == TBF_BAD_CHECKSUM)
        return tbf_clear_is_retired(region_bytes_of(region, object));
    return region_is_app(object) && !is_alive(object) &&
           has_successor(region, at);
}

static void find_retired(struct region *region)
{
    for (size_t i = 0; i < region->count; i++)
        region->objects[i].is_retired = is_retired(region, i);
}

/*
 * A whole app at any word behind the end: it was in a list once. Headers up
 * to HEADER_SEEN are looked for; no tool makes longer ones, and a limit keeps
 * the search linear on hostile bytes.
 */
static bool find_hidden(struct region *region, const uint8_t *tail,
                        uint32_t len)
{
    enum { HEADER_SEEN = 4096 };

    for (uint32_t off = 0; off < len; off += 4) {
        struct region_object *hidden = &region->hidden;
        uint32_t left = len - off;

        hidden->status =
            tbf_parse_part(tail + off, left < HEADER_SEEN ? left : HEADER_SEEN,
                           left, &hidden->header);
        hidden->address = region->end + off;
        hidden->size = hidden->header.total_size;
        if (region_is_app(hidden))
            return true;
    }
    return false;
}

static bool is_filled(const uint8_t *bytes, uint32_t len, uint8_t value)
{
    return len == 0 ||
           (bytes[0] == value && memcmp(bytes, bytes + 1, len - 1) == 0);
}

/* Only zeros and erased bytes: nothing that could be lost. */
static bool is_worthless(const uint8_t *bytes, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++)
        if (bytes[i] != ERASED && bytes[i] != 0)
            return false;
    return true;
}

/*
 * Loaders end the list by clearing one byte of what follows: the rest of the
 * old header stays. Eight zeros are something else: a header that was lost.
 */
static bool is_set_end(const uint8_t *tail, uint32_t len)
{
    enum { HEAD = 8 };

    return len < HEAD || (tail[0] == 0 && !is_filled(tail, HEAD, 0));
}

static void read_tail(struct region *region)
{
    const uint8_t *tail =
        region->bytes + (region->end - region->board->apps.start);
    uint32_t len = region_limit(region) - region->end;

    if (is_filled(tail, len, ERASED))
        region->tail = REGION_TAIL_BLANK;
    else if (is_set_end(tail, len) || is_worthless(tail, len))
        region->tail = REGION_TAIL_FREE;
    else
        region->tail = REGION_TAIL_UNKNOWN;
    if (region->tail == REGION_TAIL_UNKNOWN)
        region->has_hidden = find_hidden(region, tail, len);
}

void region_init(struct region *region, const struct board *board,
                 const uint8_t *bytes)
{
    *region = (struct region){.board = board, .bytes = bytes};
    read_list(region);
    find_retired(region);
    read_tail(region);
}

void region_free(struct region *region)
{
    free(region->objects);
    *region = (struct region){0};
}

bool region_is_app(const struct region_object *object)
{
    if (object->is_retired)
        return false;
    switch (object->status) {
    case TBF_OK:
        return !object->header.is_padding;
    case TBF_BAD_ENTRY_POINT:
    case TBF_BAD_REGION:
        return true;
    default:
        return false;
    }
}

bool region_is_padding(const struct region_object *object)
{
    return object->status == TBF_OK && object->header.is_padding;
}

bool region_is_named(const struct tbf_header *header, const char *name,
                     size_t name_len)
{
    return header->name_len == name_len && name_len != 0 &&
           memcmp(header->name, name, name_len) == 0;
}

const uint8_t *region_bytes_of(const struct region *region,
                               const struct region_object *object)
{
    return region->bytes + (object->address - region->board->apps.start);
}

uint32_t region_limit(const struct region *region)
{
    return region->board->apps.start + region->board->apps.size;
}

struct region_text region_tail_text(const struct region *region)
{
    const struct tbf_header *h = &region->hidden.header;
    struct region_text out;

    if (region->has_hidden)
        snprintf(out.text, sizeof out.text,
                 "the list of apps ends at 0x%08x, but a whole app '%.*s' "
                 "stands behind it at 0x%08x, where no kernel finds it",
                 region->end, (int)h->name_len, h->name_len == 0 ? "" : h->name,
                 region->hidden.address);
    else if (region->end_status != TBF_END)
        snprintf(out.text, sizeof out.text,
                 "the list of apps ends at 0x%08x in a damaged header: %s",
                 region->end, tbf_status_text(region->end_status));
    else
        snprintf(out.text, sizeof out.text,
                 "the list of apps ends at 0x%08x in bytes that are neither "
                 "an app nor erased",
                 region->end);
    return out;
}
