/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Memory maps drawn with lines, top to bottom, for people and for the scripts
 * that read Tock's: rows that are a region, and between them the addresses.
 */

#include "capsule/print.h"

enum picture_row_kind {
    PICTURE_EDGE,  /* an address and a rule to the right margin         */
    PICTURE_SIZE,  /* a region and how much of it is used               */
    PICTURE_SHARE, /* likewise, and how large it may become             */
    PICTURE_NAME,  /* a region                                          */
    PICTURE_GAP,   /* from one memory to the next                       */
};

/* value and limit are indices of the picture's values. */
struct picture_row {
    uint8_t kind;
    uint8_t value;
    uint8_t limit;
    char margin;      /* letter at the right; 0: none */
    const char *text; /* name, or the character where the rule crosses */
};

#define PICTURE_UNKNOWN 0xffffffffu /* a value that prints as ? */

struct picture {
    const char *title; /* of the third column */
    uint32_t rule;     /* characters of a rule */
    const struct picture_row *rows;
    uint32_t row_count;
};

/* Puts line number line, with CR LF; values[0] is the highest address. False
 * if the picture has no such line. */
bool picture_line(const struct picture *picture, const uint32_t *values,
                  uint32_t line, struct print_sink *to);
