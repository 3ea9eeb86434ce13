/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * What elf2tbf needs to know of an ELF file, already checked.
 *
 * Implemented by elf.c, the only file that knows libelf (whose own headers
 * occupy the name elf.h).
 *
 * Ownership: names and bytes point into the file's bytes, which must outlive
 * the program; the arrays belong to it until elf_program_free.
 * Trust: the file may be hostile. Every offset, size and index was compared
 * with the file's length; addresses of segments fit 32 bits.
 */

#include "host/err.h"

#include <stddef.h>
#include <stdint.h>

enum elf_machine {
    ELF_MACHINE_I386 = 3,
    ELF_MACHINE_ARM = 40,
    ELF_MACHINE_RISCV = 243,
};

/* A loadable segment. */
struct elf_segment {
    uint32_t vaddr; /* where it is at run time           */
    uint32_t paddr; /* where its contents lie in flash   */
    uint32_t file_size;
    uint32_t memory_size; /* >= file_size; the rest is zeros   */
    uint64_t offset;      /* of the contents in the file       */
    bool is_writeable;
    bool is_executable;
};

struct elf_section {
    const char *name;
    uint64_t addr;
    uint64_t offset;
    uint64_t size;
    bool is_loaded;    /* occupies memory when the program runs */
    bool is_writeable; /* then                                  */
    bool is_empty;     /* has no contents in the file (NOBITS)  */
    bool is_compressed;
};

struct elf_symbol {
    bool found;
    uint32_t value;
};

struct elf_program {
    const uint8_t *bytes; /* the whole file */
    size_t len;
    uint16_t machine; /* enum elf_machine or any other */
    uint64_t entry;
    struct elf_segment *segments; /* in the order of the file */
    size_t segment_count;
    struct elf_section *sections;
    size_t section_count;
    const struct elf_section **by_name; /* sorted; equal names by index */
    /* The symbols by which a linker script speaks to elf2tbf. */
    struct elf_symbol flash_origin;
    struct elf_symbol sram_origin;
    struct elf_symbol protected_region_size;
};

/* ERR_INPUT if the bytes are no usable ELF file. */
MUST_USE int elf_program_open(const uint8_t *bytes, size_t len,
                              struct elf_program *out, struct err *e);
void elf_program_free(struct elf_program *program);

/* The contents of a section; ERR_INPUT if they are not all in the file. */
MUST_USE int elf_section_bytes(const struct elf_program *program,
                               const struct elf_section *section,
                               const uint8_t **bytes, struct err *e);

/* The first section of that name, or null. */
const struct elf_section *elf_section_find(const struct elf_program *program,
                                           const char *name);

/*
 * Is the section part of the segment? The strict rule of binutils: its
 * addresses lie in the segment's memory and its contents in the segment's.
 */
bool elf_segment_has(const struct elf_segment *segment,
                     const struct elf_section *section);
