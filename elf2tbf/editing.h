/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What `sign` and `set` have in common: which objects of a file are changed,
 * with which keys, and where the result goes. A file is written once, after
 * all its objects were changed.
 */

#include "object/batch.h"
#include "subcommand.h"

struct editing {
    const char *output; /* null: the file itself         */
    const char *only;   /* names of objects, by commas   */
    bool grow;
    bool drop;
    const char *rsa4096; /* files of keys */
    const char *ecdsa_p256;
    const char *sign_command;
    const char *public_key;
};

extern const struct cli_option editing_options[];
extern const size_t editing_option_count;

/* The keys that were given, each for the format that it makes. */
MUST_USE int editing_keys(struct task *task, struct object_keys *out,
                          struct err *e);

/*
 * Reads the file that the operand names, lets apply change each chosen object
 * and writes the file. apply gets the begun change.
 */
typedef int editing_apply(struct task *task, struct object_change *change,
                          const struct object_keys *keys, struct err *e);
MUST_USE int editing_run(struct task *task, editing_apply *apply,
                         struct err *e);
