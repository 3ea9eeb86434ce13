/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * For which processor a program was built, as the compiler noted in it.
 *
 * Arm's toolchains keep "build attributes" in the section .ARM.attributes,
 * RISC-V's in .riscv.attributes; both have the same form: vendor subsections
 * with attributes, each a number (tag) and a value. The names made of them
 * are those that boards and archives use: cortex-m4, rv32imac.
 *
 * A program says less than the compiler's command line did: code for
 * Cortex-M7 mostly reads as cortex-m4, whose instructions it uses.
 *
 * Trust: the section may hold anything; what cannot be read says nothing.
 */

#include "elf_program.h"

/* Long enough for any name that is given out. */
struct attributes_name {
    char text[32];
};

/* False if the program does not tell it. */
bool attributes_architecture(const struct elf_program *program,
                             struct attributes_name *out);

/*
 * Can processors of the architecture called name, up to its first dot, run
 * programs that were built for found? True where that is not known.
 */
bool attributes_can_run(const char *name, const struct attributes_name *found);

/*
 * Is this, up to its first dot, a name that boards give their architecture?
 * Any cortex-m..., rv32..., rv64..., riscv32..., riscv64... is.
 */
bool attributes_is_architecture(const char *name);
