/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * From the layout to the bytes of the object.
 *
 * The finished object is read back with the parser that the kernel uses, and
 * its credentials are checked; one that a kernel would refuse is an error and
 * never leaves this module.
 */

#include "layout.h"

/* *bytes has layout->spec.total_size bytes; the caller frees it. */
MUST_USE int emit_object(const struct elf_program *program,
                         const struct layout *layout, uint8_t **bytes,
                         struct err *e);
