/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Changing an object together with the credentials that cover it.
 *
 *     struct object_change change;
 *     object_change_begin(&change, file, index, &policy, e);
 *     object_change_entry(&change, TBF_TYPE_SHORT_ID, &spec, e);
 *     object_change_end(&change, &report, e);
 *     object_change_free(&change);
 *
 * The changes are made to a copy, and object_change_end gives it to the file's
 * object when it is whole: every credential over changed bytes was made
 * again, and the kernel's parser accepts the object. Digests are made again
 * by themselves; a signature takes the private key that it was made with,
 * which is found among those of the policy by checking the old one. What
 * cannot be made again is refused, or removed if the policy says so. A
 * credential that was wrong before the change counts among these: nobody
 * shall bless damaged bytes by changing a flag.
 *
 * Ownership: the copy is the change's; file, policy and keys are borrowed.
 * Trust: the object may be hostile; it is checked at the beginning.
 */

#include "object/file.h"
#include "object/verify.h"
#include "tbf/edit.h"

/* An object with more of them is refused. */
#define OBJECT_MAX_CREDENTIALS 64u

struct object_policy {
    const struct object_keys *keys; /* private ones                         */
    bool drop; /* remove credentials that cannot be made again              */
    bool grow; /* the object may become larger                              */
};

/* What has happened to the credentials and the size, for the user. */
struct object_report {
    uint32_t old_size;
    uint32_t new_size;
    unsigned remade;
    unsigned removed;
    bool is_changed; /* the bytes differ from those before */
};

struct object_change {
    struct object_file *file;
    size_t index;
    const struct object_policy *policy;
    uint8_t *bytes; /* the copy: a whole object */
    uint32_t len;
    struct object_report report;
};

/* All of these: 0, or -1 with ERR_INPUT; object_change_free is harmless always.
 */
MUST_USE int object_change_begin(struct object_change *change,
                                 struct object_file *file, size_t index,
                                 const struct object_policy *policy,
                                 struct err *e);
MUST_USE int object_change_end(struct object_change *change,
                               struct object_report *report, struct err *e);
void object_change_free(struct object_change *change);

/* The object as it is now; it was accepted by tbf_parse. */
struct tbf_header object_change_header(const struct object_change *change);

bool object_change_has_entry(const struct object_change *change, uint32_t type);

MUST_USE int object_change_entry(struct object_change *change,
                                 enum tbf_type type,
                                 const struct tbf_spec *spec, struct err *e);
MUST_USE int object_change_remove_entries(struct object_change *change,
                                          uint32_t type, struct err *e);
MUST_USE int object_change_field(struct object_change *change, uint32_t type,
                                 const char *name, uint32_t value,
                                 struct err *e);

/* A credential: a digest without key, a signature, or given data. */
struct object_credential {
    uint32_t format;
    const struct sign_key *key;
    const uint8_t *data; /* of formats that are not computed, else null */
    uint32_t len;
};

/*
 * Adds credentials over the object as it is then, so after all other changes,
 * in the given order. Those of the same formats are removed first unless
 * keep_old says that they stay.
 */
MUST_USE int
object_change_add_credentials(struct object_change *change,
                              const struct object_credential *credentials,
                              size_t count, bool keep_old, struct err *e);

/* ERR_STATE if there is none of this format. */
MUST_USE int object_change_remove_credentials(struct object_change *change,
                                              uint32_t format, struct err *e);
