/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Changing an object that is there already: header entries and footers.
 *
 * Every function takes a whole object (total_size bytes) that tbf_parse
 * accepts and that is no padding, and leaves one that tbf_parse accepts, of
 * the same size, with a right checksum, or does not touch it and says why.
 * Credentials over the changed bytes become wrong; making them again is for
 * the caller, who has the keys. That the result is accepted takes a name in
 * UTF-8 and regions inside the app binary: a caller who does not know works on
 * a copy and parses it.
 *
 * A header that shrinks leaves its bytes to the protected trailer, so that
 * the app binary stays where it is. One that grows takes them back from
 * there; if the trailer is too small, the app binary moves, which only an app
 * that is linked for no fixed flash address survives, into the room that
 * Reserved footers and padding keep free behind the credentials.
 *
 * Ownership: the caller's buffer. Context: pure, any; freestanding.
 */

#include "tbf/entry.h"

enum tbf_edit {
    TBF_EDIT_OK = 0,
    TBF_EDIT_NO_ROOM,     /* *missing more bytes of total size are needed */
    TBF_EDIT_FIXED,       /* the binary would move, but may not           */
    TBF_EDIT_HEADER_FULL, /* the header would pass TBF_MAX_HEADER_SIZE    */
    TBF_EDIT_NO_PROGRAM,  /* no Program entry: no room, no app version    */
    TBF_EDIT_FOOTERS,     /* behind the footers lies what is none         */
    TBF_EDIT_NO_ENTRY,    /* the header has no entry of this type         */
    TBF_EDIT_REFUSED,     /* no kernel would take the result              */
};

const char *tbf_edit_text(enum tbf_edit status);

/*
 * Puts one entry of this type in the place of all that there are, or behind
 * the last: spec says what it holds, as for tbf_build_header. Not for Main
 * and Program.
 */
MUST_USE enum tbf_edit tbf_put_entry(uint8_t *object, enum tbf_type type,
                                     const struct tbf_spec *spec,
                                     uint32_t *missing);

/* Removes all entries of this type, which is neither Main nor Program. */
MUST_USE enum tbf_edit tbf_remove_entries(uint8_t *object, uint32_t type);

/*
 * Sets a field (tbf/entry.h) of the entry of this type that counts, or of the
 * base header. Nothing else is adjusted but the checksum.
 */
MUST_USE enum tbf_edit tbf_set_field(uint8_t *object, uint32_t type,
                                     const char *name, uint32_t value);

/* Bytes that a new footer may take, head included. */
MUST_USE enum tbf_edit tbf_footer_room(const uint8_t *object, uint32_t *room);

/*
 * Adds a footer of len data bytes: behind the others, but in front of formats
 * at which other kernels' walk ends. Free bytes, also those between the
 * footers, become Reserved footers at the end.
 */
MUST_USE enum tbf_edit tbf_add_footer(uint8_t *object, uint32_t format,
                                      const uint8_t *data, uint32_t len,
                                      uint32_t *missing);

/* Overwrites the data of a footer that tbf_footers_next gave. */
void tbf_set_footer(uint8_t *object, const struct tbf_footer *footer,
                    const uint8_t *data);

/* Removes such a footer; its bytes are free afterwards. */
MUST_USE enum tbf_edit tbf_remove_footer(uint8_t *object,
                                         const struct tbf_footer *footer);

/*
 * Makes the object larger: total_size is a multiple of 4 and not below the
 * old one, and the buffer holds as much. The new bytes are free.
 */
MUST_USE enum tbf_edit tbf_grow(uint8_t *object, uint32_t total_size);

/*
 * What total_size an object should grow to that lacks missing bytes: a power
 * of two, if it is one now and at least 512, as Arm's memory protection needs;
 * else a multiple of 4. 0 if there is no such 32-bit number.
 */
uint32_t tbf_grown_size(uint32_t total_size, uint32_t missing);
