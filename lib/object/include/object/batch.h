/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * One change to several objects of a file: all of them or none.
 *
 * Each chosen object is changed by apply; when all are, the file is written
 * once, and only then it is told what was done.
 *
 * Ownership: everything is borrowed for the call.
 */

#include "host/json.h"
#include "object/change.h"

/* Changes one object that object_change_begin has begun. */
typedef int object_apply(void *context, struct object_change *change,
                         struct err *e);

struct object_batch {
    object_apply *apply;
    void *context;
    struct object_policy policy;
    const char *only;   /* names of objects, by commas; null: all     */
    const char *output; /* where the file goes; null: where it was    */
    bool is_dry;        /* nothing is written                         */
    FILE *to;           /* a line for each object; null: none         */
    struct json *list;  /* an item for each object; null: none        */
};

/* ERR_STATE if only names what is not there; else ERR_INPUT and what apply
 * says. */
MUST_USE int object_batch_run(const struct object_batch *batch,
                              struct object_file *file, struct err *e);

/*
 * Is the object one of only's? Names may stand there with or without ".tbf";
 * null means any.
 */
bool object_is_chosen(const char *only, const struct object_file *file,
                      size_t index);

/* ERR_STATE if one of only's names is not in the file: a misspelled one would
 * go unseen; ERR_USAGE if the file is no TAB. */
MUST_USE int object_check_chosen(const char *only,
                                 const struct object_file *file, struct err *e);
