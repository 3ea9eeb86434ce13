/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* The kernel's messages for those who make them in other ways than line by
 * line with kernel/debug.h. */

#include "capsule/print.h"

/* Raw text, line ends included: the ports' descriptions come in pieces. */
void debug_text(const char *text);

/* Text that is put into sink between begin and end goes into the messages
 * whole or not at all. One at a time. */
struct debug_piece {
    struct print_sink sink;
    uint32_t added;
    bool is_cut;
    char direct[33]; /* panics: bytes that have not gone out */
};

void debug_begin(struct debug_piece *piece);
void debug_end(struct debug_piece *piece);
