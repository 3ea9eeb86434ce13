/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The files a run leaves: an object beside each ELF file, and the TAB.
 *
 * All of them are complete beside their final names before the first one is
 * renamed, and the TAB comes last: a run that fails or is killed leaves what
 * was there.
 */

#include "convert.h"

/* ERR_USAGE if one output would replace another or an input. */
MUST_USE int outputs_check(const struct cmdline *cmdline, struct err *e);

/* products: one per input of the command line, in order. */
MUST_USE int outputs_write(const struct cmdline *cmdline,
                           const struct product *products, struct err *e);

/* The date builds are pinned to, or now; the value of "build-date". */
MUST_USE int outputs_build_date(char text[32], struct err *e);
