/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Where everything of an app object goes, and what its header says.
 *
 * Pure: from the program and the command line to numbers; emit.c then writes
 * bytes. The object is
 *
 *   header | protected trailer | parts of the binary with gaps |
 *   relocations: their length, then the raw records | room for footers
 *
 * and its size is padded as the processor's memory protection asks.
 *
 * Ownership: a layout borrows from program, command line and footers and owns
 * its arrays until layout_free. Trust: the program may come from an attacker;
 * sums are 64 bits wide and checked before they are stored in 32.
 */

#include "footers.h"
#include "segments.h"

/* Larger objects are refused: no board could hold them. */
#define LAYOUT_MAX_SIZE 0x10000000u

/* The raw records of one section, appended for the app's start-up code. */
struct layout_relocation {
    const struct elf_section *section;
    const uint8_t *bytes;
    uint32_t len;
};

struct layout {
    struct tbf_spec spec;
    uint32_t header_size;
    struct binary binary;
    struct tbf_region_spec *regions;
    struct layout_relocation *relocations;
    size_t relocation_count;
    uint32_t relocation_at; /* of the length word */
    uint32_t relocation_len;
    const struct footers *footers;
    uint32_t footer_room;  /* for them and, if asked for, more        */
    bool has_one_reserved; /* also where one footer cannot be so long */

    /* minimum_ram is the sum of these unless the user gave it. */
    uint32_t ram_data;
    uint32_t ram_stack;
    uint32_t ram_app_heap;
    uint32_t ram_kernel_heap;
};

/* ERR_INPUT if no correct object can be made of the program. */
MUST_USE int layout_plan(const struct elf_program *program,
                         const struct cmdline *cmdline,
                         const struct footers *footers, struct layout *out,
                         struct notes *notes, struct err *e);
void layout_free(struct layout *layout);

/* Size of an object with this much to hold. */
uint64_t layout_padded(uint16_t machine, uint64_t size);

/* Why layout_padded gives that size, for a reader. */
const char *layout_padding_reason(uint16_t machine);
