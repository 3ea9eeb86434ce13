/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * One TBF object that may be written to a board, checked as the kernel will.
 *
 * Ownership: the bytes are borrowed (from the TAB) and must live as long as
 * the image. Trust: the bytes may come from an attacker; after image_check
 * every field of the header can be relied on.
 */

#include "boards.h"
#include "host/err.h"
#include "tbf/tbf.h"

struct image {
    const char *label; /* for messages: the TAB's member; borrowed */
    const uint8_t *bytes;
    uint32_t len;  /* of bytes                                          */
    uint32_t size; /* on the board: len, or more if the protection      */
                   /* hardware demands it; the rest stays erased        */
    struct tbf_header header;
    bool is_startable; /* false: entry point or a region is wrong */
};

/* RAM of the process, as addresses; both 0 if it may be anywhere. */
struct image_ram {
    uint32_t start;
    uint32_t end;
};

/*
 * Checks the object in bytes[0, len). ERR_INPUT if it is malformed, padding,
 * or not as long as its header says.
 */
MUST_USE int image_check(const char *label, const uint8_t *bytes, size_t len,
                         struct image *out, struct err *e);

/*
 * If the board's protection hardware can map no object of this size anywhere,
 * makes it the next power of two, as the converter would have done.
 */
void image_grow(struct image *image, const struct board *board);

/* The object as it stands on the board, with these flags: image->size bytes. */
void image_write(const struct image *image, uint32_t flags, uint8_t *to);

enum image_match {
    IMAGE_DIFFERS,
    IMAGE_SAME,        /* byte for byte                            */
    IMAGE_OTHER_FLAGS, /* but for flags and checksum               */
};

/* Compares it, with these flags, with an object of size bytes. */
enum image_match image_compare(const struct image *image, uint32_t flags,
                               const uint8_t *bytes, uint32_t size);

/*
 * An object that stands on a board, as an image: it has been checked, label
 * is borrowed.
 */
struct image image_of_object(const char *label, const uint8_t *bytes,
                             const struct tbf_header *header,
                             bool is_startable);

/* What a kernel is asked for to run this app, with all its app RAM free. */
struct place_request image_ram_request(const struct board *board,
                                       const struct tbf_header *header);

/*
 * The RAM block that the kernel will take for this app if it is linked for a
 * RAM address. False if the board's kernel cannot give it that block; *out is
 * then what the app needs at least.
 */
bool image_ram_block(const struct board *board, const struct tbf_header *header,
                     struct image_ram *out);

/* Address of the object if it is linked for one; false if it may be anywhere
 * or if there is no such address. */
bool image_fixed_address(const struct tbf_header *header, uint32_t *out);
