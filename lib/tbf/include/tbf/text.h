/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Words for the numbers of tbf/tbf.h, for error lines, listings and the
 * kernel's boot messages.
 *
 * Ownership: constant strings. Context: pure, any; freestanding. Trust: any
 * number has an answer.
 */

#include "tbf/tbf.h"

/* What is wrong or found, to stand behind "<app>: "; "ok" for TBF_OK. */
const char *tbf_status_text(enum tbf_status status);

/* Name of an entry's type; "unknown" for others. */
const char *tbf_type_text(uint32_t type);

/* Name of a credential's format; "unknown" for others. */
const char *tbf_credential_text(uint32_t format);

/* Name of one flag bit (0 to 31); null for a reserved one. */
const char *tbf_flag_text(uint32_t bit);
