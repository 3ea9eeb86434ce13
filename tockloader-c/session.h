/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * One run of one command: its options, the board, the link to it, and what
 * was read. Commands get a session with nothing opened and open what they
 * need; main closes it.
 */

#include "host/cli.h"
#include "host/json.h"
#include "host/notes.h"
#include "link/link.h"
#include "pending.h"
#include "plan.h"
#include "region.h"

/* The options that all commands have. */
struct common_options {
    const char *board;
    const char *flash_file;
    const char *protocol;
    const char *color;
    bool dry_run;
    bool yes;
    bool json;
    bool quiet;
    unsigned verbose;
    bool help;
};

struct session {
    const char *command;
    struct common_options options;
    struct cli_list operands;
    const void *own; /* the struct that the command's own options filled */
    bool colour_err;
    bool utf8;

    const struct board *board;
    struct link *link;
    bool rewrites;          /* the command may rewrite the list in place, and */
                            /* puts back what an earlier one left half done   */
    bool appends;           /* the region is changed by protocol S            */
    bool is_unfinished;     /* something was written that has yet to be made  */
                            /* last                                           */
    struct pending pending; /* what the kernel will still write, and this */
                            /* run has not                                */
    uint8_t *bytes;         /* of the area that was read                      */
    struct region region;
    struct notes notes;

    struct json *json;      /* the document of --json, else null       */
    struct json *json_apps; /* what was done to each app, once there is */
};

enum session_use {
    SESSION_LOOK,   /* the board is only read                         */
    SESSION_CHANGE, /* it may be written, unless --dry-run was given  */
};

/*
 * Finds the board and opens the link. For SESSION_CHANGE a page that the
 * kernel was rewriting when its power failed is completed.
 */
MUST_USE int session_open(struct session *session, enum session_use use,
                          struct err *e);

/* The last of it, for a link that is open already. */
MUST_USE int session_settle(struct session *session, enum session_use use,
                            struct err *e);

/*
 * Opens, and reads the app region into the model. For SESSION_CHANGE what an
 * interrupted command has left half done inside the list is completed first;
 * with --dry-run only in the model.
 */
MUST_USE int session_open_region(struct session *session, enum session_use use,
                                 struct err *e);

/* Reads an area of the board into session->bytes, as the kernel will find it
 * when it has completed what it was rewriting. */
MUST_USE int session_read(struct session *session,
                          const struct board_area *area, struct err *e);

/* The same with a link that is open; may be called again. */
MUST_USE int session_read_region(struct session *session, enum session_use use,
                                 struct err *e);

/* Carries the plan out, unless --dry-run was given. */
MUST_USE int session_apply(struct session *session, const struct plan *plan,
                           struct err *e);

void session_close(struct session *session);
