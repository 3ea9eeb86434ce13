/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Errors of the host tools: a kind, what happened, where, and what to do.
 *
 * The caller of a whole operation owns one struct err (main has it on its
 * stack) and passes it down. The function that meets the failure calls
 * err_set once; functions on the way up may add where they were with
 * err_while; anyone who knows a remedy adds err_hint (the first one stays).
 * Nobody but main prints or exits. Nothing is allocated; long text is cut.
 */

#include "base/attr.h"

#include <stdbool.h>
#include <stdio.h>

/* Kinds double as exit statuses, listed in the man pages; never renumbered. */
enum err_kind {
    ERR_NONE = 0,
    ERR_INTERNAL = 1,   /* a bug of ours                             */
    ERR_USAGE = 2,      /* bad command line or configuration         */
    ERR_INPUT = 3,      /* a file is missing, malformed or refused   */
    ERR_CONNECT = 4,    /* no probe, no permission, no target        */
    ERR_DEVICE = 5,     /* a transfer, erase or program step failed  */
    ERR_VERIFY = 6,     /* read back differs, or bad signature       */
    ERR_STATE = 7,      /* nothing to do it to: no such app, no room */
    ERR_INTERRUPT = 130 /* stopped by the user                       */
};

struct err {
    enum err_kind kind;
    char text[512];
    char where[512];
    char hint[512];
};

/* All return -1, so that a function can end with: return err_set(...); */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
int err_while(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
int err_hint(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Prints the error for a reader; colour wraps the leading word only. */
void err_print(const struct err *e, FILE *to, bool colour);
