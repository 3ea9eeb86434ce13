/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The JSON document of --json: one object for each run, also for one that
 * failed.
 *
 * Every document has "schema", "tockloader-c/<command>/1", and "board". What
 * else stands there is told by the command's schema in docs/json. main begins
 * the document and prints it; a command only adds to session->json, what it
 * found or did, whole members only. After a failure "error" follows.
 */

#include "session.h"

/* ERR_INPUT if the library for it is missing; session->json is null then. */
MUST_USE int document_begin(struct session *session, struct err *e);

/* Prints the document: of a run with this result, and with *e if it failed.
 * Returns the result. */
int document_end(struct session *session, int result, const struct err *e);
