/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The flat part of TOML that metadata.toml and our configuration files need:
 * comments, [table] headers (also [a.b]), and keys with a string, an integer
 * (decimal or 0x), a boolean, a date or an array of strings. Everything else
 * of TOML (floats, nested arrays, inline tables, multi-line strings, dotted
 * keys) is refused with the line it stands in.
 *
 *     struct toml toml;
 *     struct toml_item item;
 *     int got;
 *     toml_open(&toml, text, len, "metadata.toml");
 *     while ((got = toml_next(&toml, &item, e)) > 0)
 *         ...use item
 *     toml_close(&toml);
 *     ...got is 0 at the end of the text, -1 after an error
 *
 * Ownership: strings of an item live until toml_close; text is only borrowed.
 * Trust: hostile text; any bytes give items or an error. Whether a key stands
 * there twice is for the caller to notice.
 */

#include "host/err.h"

#include <stddef.h>
#include <stdint.h>

enum toml_kind {
    TOML_STRING,
    TOML_INTEGER,
    TOML_BOOLEAN,
    TOML_DATE,    /* string holds it as it was written            */
    TOML_STRINGS, /* count strings, each behind the NUL of the    */
                  /* one before; string is the first              */
};

struct toml_item {
    const char *table; /* "" before the first table header */
    const char *key;
    enum toml_kind kind;
    const char *string; /* no NUL inside */
    size_t count;
    int64_t integer;
    bool boolean;
    unsigned line;
};

struct toml {
    const char *what; /* names the text in messages */
    const char *at;
    const char *end;
    unsigned line;
    const char *table;
    char *store; /* decoded strings; never longer than the text */
    size_t stored;
};

void toml_open(struct toml *toml, const char *text, size_t len,
               const char *what);
MUST_USE int toml_next(struct toml *toml, struct toml_item *out, struct err *e);
void toml_close(struct toml *toml);

/* Writes text as a TOML string with its quotes; text is valid UTF-8. */
void toml_print_string(FILE *to, const char *text);
