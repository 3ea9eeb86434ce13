/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What the credentials of an object are worth.
 *
 * Digests can always be checked; signatures only by those whose key is given.
 * An object may be signed by several keys in the same way. Where the format
 * does not name the key, a credential that no given key explains is bad,
 * unless another one of its format is right: that proves the bytes, so that it
 * is of another key.
 *
 *     struct object_verify v = object_verify_start(h, bytes);
 *     struct tbf_footer footer;
 *     struct sign_finding finding;
 *     while (object_verify_next(&v, keys, &footer, &finding))
 *         ...one footer and its verdict, Reserved ones included
 *     ...v.good, v.bad and v.signed_good count
 *
 * Ownership: everything is borrowed. Trust: hostile objects.
 */

#include "host/cli.h"
#include "sign/sign.h"

struct object_keys {
    struct sign_key **list;
    size_t count;
};

/* Formats whose credentials do not name their key. */
#define OBJECT_NAMELESS 3u

struct object_verify {
    struct tbf_footers walk;
    struct sign_cover cover;
    unsigned good;        /* credentials that are right                   */
    unsigned signed_good; /* those of them that took a key                */
    unsigned bad;
    unsigned unchecked; /* credentials that could not be checked         */
    struct tbf_footers all;
    struct object_seen {
        uint32_t format;
        bool is_known;
        bool has_good; /* among all footers of the format */
    } seen[OBJECT_NAMELESS];
    bool has_no_library; /* libcrypto is missing: nothing can be checked  */
};

/* h was accepted by tbf_parse; bytes are the whole object. */
struct object_verify object_verify_start(const struct tbf_header *h,
                                         const uint8_t *bytes);
bool object_verify_next(struct object_verify *v, const struct object_keys *keys,
                        struct tbf_footer *footer,
                        struct sign_finding *finding);

/* Reads a key of any kind and adds it. */
MUST_USE int object_keys_add(struct object_keys *keys, const char *path,
                             uint32_t format, enum sign_half half,
                             struct notes *notes, struct err *e);

/* Reads the keys to check with, of any format, that the user named. */
MUST_USE int object_keys_add_all(struct object_keys *keys,
                                 const struct cli_list *paths,
                                 struct notes *notes, struct err *e);
void object_keys_free(struct object_keys *keys);

/* Name of a format on command lines and in JSON: "ecdsa-nist-p256". */
const char *object_format_key(uint32_t format);

/* The verdict in JSON: "good", "bad", "other-key", "no-key", "unchecked". */
const char *object_verdict_key(enum sign_verdict verdict);
