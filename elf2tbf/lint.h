/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Remarks on objects that are correct, but will surprise their user: kernels
 * or boards refuse them, an option works against another, the app's start-up
 * code will not find its data. Each names the remedy. With --strict they are
 * errors.
 *
 * What can be known to be wrong is no remark: layout.c and emit.c refuse it.
 */

#include "layout.h"

void lint_object(const struct elf_program *program,
                 const struct cmdline *cmdline, const struct layout *layout,
                 struct notes *notes);

/* Of the object in the TAB: its architecture, maybe a dot and more. */
void lint_name(const struct elf_program *program, const char *name,
               struct notes *notes);
