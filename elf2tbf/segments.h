/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Which parts of a program make up the app binary, in which order, and for
 * which addresses they are linked. The rules, also told in elf2tbf(1):
 *
 *   - A segment with contents belongs to the binary unless all it holds is
 *     ".stack": some linkers give the stack contents, which nobody needs.
 *   - The flash address is the symbol _flash_origin, else the lowest load
 *     address that is not in RAM. 0x80000000 means position independent.
 *   - The RAM address is the symbol _sram_origin if it is not 0.
 *   - Parts lie in the order of their load addresses, with zeros between
 *     them; overlaps, contents loaded to RAM and absurd gaps are refused.
 *     BINARY_FILE_ORDER keeps the order of the file, as elf2tab does; what
 *     then is not where it was linked for is warned about.
 *
 * Ownership: the parts belong to the binary until binary_free; pure
 * otherwise. Trust: a program that elf_program_open accepted, nothing more.
 */

#include "elf_program.h"
#include "host/notes.h"

/* Load addresses further apart than this are a mistake of the link. */
#define BINARY_MAX_GAP 0x40000u

enum binary_order {
    BINARY_SORTED,
    BINARY_FILE_ORDER,
};

struct binary_part {
    struct elf_segment segment; /* without what lies before the flash start */
    size_t index;               /* of the segment in the file               */
    uint32_t gap;               /* zeros in front of it                     */
    uint32_t at;                /* offset in the object; the layout sets it */
};

struct binary {
    bool is_pic;
    uint32_t flash; /* fixed address of the app binary; if not is_pic */
    bool has_ram;
    uint32_t ram; /* fixed start of the process' RAM */
    struct binary_part *parts;
    size_t count; /* at least 1 */
};

MUST_USE int binary_find(const struct elf_program *program,
                         enum binary_order order, struct binary *out,
                         struct notes *notes, struct err *e);
void binary_free(struct binary *binary);

/* Bytes of RAM for data, not counting stack and heaps. */
uint64_t binary_ram_size(const struct elf_program *program);

/* What elf2tab counts: not the RAM whose load address is where it lies. */
uint64_t binary_ram_moved(const struct elf_program *program);

/* Name of the first section in a part, for a message. */
const char *binary_part_name(const struct elf_program *program,
                             const struct binary_part *part);
