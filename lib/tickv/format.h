/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The bytes of a database, and walks through one region (docs/tickv.md).
 *
 * A region is walked from its start, object by object, until something that is
 * not an object: its *end*. Everything here is total: any content of the flash
 * gives an answer, in a time that depends on the region's size only.
 */

#include "tickv/tickv.h"

enum {
    HEADER_LEN = 11,
    CHECK_LEN = 4,
    MAX_OBJECT = 4094, /* 12 bits, less the last one          */
    ROOM_BEHIND = 12,  /* erased bytes that stay at the end   */
};

enum { VERSION = 1, ERASED = 0xff, FLAG_VALID = 0x80 };

#define NOWHERE UINT32_MAX

/* The object that marks a database, and one that only takes up room. */
#define MARK_KEY   0x7bc9f7ff4f76f244u
#define FILLER_LEN TICKV_OVERHEAD

/* Header and checksum of a valid object. */
void format_object(uint64_t key, struct span value, uint8_t head[HEADER_LEN],
                   uint8_t tail[CHECK_LEN]);

uint32_t region_start(const struct tickv *self, uint32_t region);
uint32_t region_of(const struct tickv *self, uint32_t offset);

/* The region that is number index in a key's order: its own, then those
 * around it, nearer ones and of these the higher first. */
uint32_t region_in_order(const struct tickv *self, uint64_t key,
                         uint32_t index);

bool flash_read(const struct tickv *self, uint32_t offset, struct span into);

/* The object at this offset; false if there is none: the end. */
bool object_at(const struct tickv *self, uint32_t offset,
               struct tickv_object *out);

/* Is its checksum right? is_torn: as if its version were not torn. */
bool object_is_sound(const struct tickv *self,
                     const struct tickv_object *object, bool is_torn);

bool objects_are_equal(const struct tickv *self, const struct tickv_object *a,
                       const struct tickv_object *b);

/* Does it have this value? */
bool object_has_value(const struct tickv *self,
                      const struct tickv_object *object, struct span value);

/* The first sound valid object of the key in a region; len 0: none. */
struct tickv_object region_find(const struct tickv *self, uint32_t region,
                                uint64_t key);

/* The last valid one, sound or not, that is not at the offset keep. */
struct tickv_object region_find_last(const struct tickv *self, uint32_t region,
                                     uint64_t key, uint32_t keep);

/* The first sound valid one from the offset on. */
struct tickv_object region_next(const struct tickv *self, uint32_t region,
                                uint32_t offset);

struct survey {
    uint32_t end;  /* offset of it                                     */
    uint32_t used; /* bytes before it                                  */
    uint32_t live; /* bytes of sound valid objects                     */
    bool is_open;  /* erased from the end on: objects can be appended  */
    bool has_mark;
    bool is_unread; /* the flash could not be read                      */
};

struct survey region_survey(const struct tickv *self, uint32_t region);

/* Nothing valid in it, and room for any object. */
bool survey_is_free(const struct survey *survey);

/* An object that is whole but for its version, of which not all bits were
 * programmed. */
bool is_torn_object(const struct tickv *self, uint32_t offset);
