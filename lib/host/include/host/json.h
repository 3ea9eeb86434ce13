/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Writing JSON documents with libcjson, which is loaded when the first
 * document is begun: no command pays for it that prints none.
 *
 * Ownership: json_begin's object owns everything that is added to it;
 * json_free takes it all. Keys and strings are copied. Members stand in the
 * order in which they were added. Context: one thread.
 */

#include "host/err.h"

#include <stdint.h>

struct json; /* an object or an array */

/* An empty document, an object; null with *e set if libcjson is missing. */
struct json *json_begin(struct err *e);

/*
 * In an array key is null. A null string becomes null. Each byte of a string
 * that is no UTF-8 (a file's name may be anything) becomes U+FFFD.
 */
struct json *json_add_object(struct json *to, const char *key);
struct json *json_add_array(struct json *to, const char *key);
void json_add_string(struct json *to, const char *key, const char *value);
void json_add_text(struct json *to, const char *key, const char *value,
                   size_t len);
void json_add_number(struct json *to, const char *key, uint32_t value);
void json_add_bool(struct json *to, const char *key, bool value);
void json_add_null(struct json *to, const char *key);

/* The document on one line. */
void json_print(const struct json *document, FILE *to);
void json_free(struct json *document);
