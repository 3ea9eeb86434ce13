/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What is wrong with the app region of a board, judged as its kernel will
 * judge it at the next boot. Nothing is read but the model and its bytes.
 *
 * Each function adds one line to problems for each thing it finds. A line
 * says what is wrong, not with which app: the caller knows that.
 */

#include "host/notes.h"
#include "region.h"
#include "sign/sign.h"

/* The list as a whole: where it ends, and what stands behind that. */
void check_list(const struct region *region, struct notes *problems);

/* One object, unless it is retired: header, kernel version, flash address,
 * memory protection, and RAM, alone and against the apps in front of it. */
void check_object(const struct region *region,
                  const struct region_object *object, struct notes *problems);

/* Whether there is RAM for all enabled apps together. Only an estimate: how
 * much of each block the kernel takes is its own affair. */
void check_all_ram(const struct region *region, struct notes *remarks);

/* A credential of an app. */
struct check_credential {
    struct tbf_footer footer;
    enum sign_verdict verdict;
    const struct sign_key *key; /* that is right; null if none is needed */
};

/* Walks over an app's credentials; Reserved footers are passed over. */
struct check_credentials {
    struct tbf_footers walk;
    struct sign_cover cover;
    struct sign_key *const *keys; /* borrowed */
    size_t key_count;
};

struct check_credentials
check_credentials_start(const struct region *region,
                        const struct region_object *object,
                        struct sign_key *const *keys, size_t key_count);

/* 1: *out is the next one; 0: there are no more; -1: *e tells why it cannot
 * be judged. */
MUST_USE int check_credentials_next(struct check_credentials *walk,
                                    struct check_credential *out,
                                    struct err *e);
