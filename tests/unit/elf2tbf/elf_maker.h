/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Small 32-bit little-endian ELF programs for tests, made field by field.
 *
 *     struct elf_maker m = maker_begin(ELF_MACHINE_ARM, 0x40081);
 *     maker_section(&m, ".text", MAKER_AX, 0x40080, bytes, 100);
 *     maker_segment(&m, MAKER_RX, 0x40080, 0x40080, 100, 100);
 *     struct file_bytes file = maker_finish(&m);
 *
 * A segment's contents start where those of the last section start.
 */

#include "base/le.h"
#include "host/file.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAKER_AX = SHF_ALLOC | SHF_EXECINSTR,
    MAKER_A = SHF_ALLOC,
    MAKER_WA = SHF_ALLOC | SHF_WRITE,
    MAKER_RX = PF_R | PF_X,
    MAKER_R = PF_R,
    MAKER_RW = PF_R | PF_W,

    MAKER_ROOM = 1 << 19,
    MAKER_HEADERS = 52 + 16 * 32, /* ELF header, room for 16 segments */
};

struct elf_maker {
    uint8_t *bytes;
    uint32_t len;
    uint32_t segments;
    uint8_t sections[16][40];
    uint32_t section_count;
    char names[512];
    uint32_t names_len;
    uint8_t symbols[8][16];
    uint32_t symbol_count;
    uint32_t last; /* offset of the last section's contents */
};

static inline struct elf_maker maker_begin(uint16_t machine, uint32_t entry)
{
    struct elf_maker m = {
        .bytes = calloc(MAKER_ROOM, 1),
        .len = MAKER_HEADERS,
        .section_count = 1,
        .names_len = 1,
        .symbol_count = 1,
    };

    memcpy(m.bytes,
           "\x7f"
           "ELF\x01\x01\x01",
           7);
    le16_store(m.bytes + 16, ET_EXEC);
    le16_store(m.bytes + 18, machine);
    le32_store(m.bytes + 20, EV_CURRENT);
    le32_store(m.bytes + 24, entry);
    le32_store(m.bytes + 28, 52);
    le16_store(m.bytes + 40, 52);
    le16_store(m.bytes + 42, 32);
    le16_store(m.bytes + 46, 40);
    return m;
}

static inline uint32_t maker_name(struct elf_maker *m, const char *name)
{
    uint32_t at = m->names_len;

    strcpy(m->names + at, name);
    m->names_len += (uint32_t)strlen(name) + 1;
    return at;
}

static inline uint8_t *maker_header(struct elf_maker *m, const char *name,
                                    uint32_t type, uint32_t flags,
                                    uint32_t addr, uint32_t size)
{
    uint8_t *h = m->sections[m->section_count++];

    m->last = m->len;
    le32_store(h, maker_name(m, name));
    le32_store(h + 4, type);
    le32_store(h + 8, flags);
    le32_store(h + 12, addr);
    le32_store(h + 16, m->len);
    le32_store(h + 20, size);
    return h;
}

/* bytes may be null: size bytes of 0xa5 then. Returns the header. */
static inline uint8_t *maker_section(struct elf_maker *m, const char *name,
                                     uint32_t flags, uint32_t addr,
                                     const void *bytes, uint32_t size)
{
    uint8_t *h = maker_header(m, name, SHT_PROGBITS, flags, addr, size);

    memset(m->bytes + m->len, 0xa5, size);
    if (bytes != NULL)
        memcpy(m->bytes + m->len, bytes, size);
    m->len += size;
    return h;
}

static inline void maker_nobits(struct elf_maker *m, const char *name,
                                uint32_t flags, uint32_t addr, uint32_t size)
{
    maker_header(m, name, SHT_NOBITS, flags, addr, size);
}

/* Returns the program header. */
static inline uint8_t *maker_segment(struct elf_maker *m, uint32_t flags,
                                     uint32_t vaddr, uint32_t paddr,
                                     uint32_t file_size, uint32_t memory_size)
{
    uint8_t *h = m->bytes + 52 + 32 * m->segments++;

    le32_store(h, PT_LOAD);
    le32_store(h + 4, m->last);
    le32_store(h + 8, vaddr);
    le32_store(h + 12, paddr);
    le32_store(h + 16, file_size);
    le32_store(h + 20, memory_size);
    le32_store(h + 24, flags);
    return h;
}

/* A section and a segment that holds just it. */
static inline void maker_load(struct elf_maker *m, const char *name,
                              uint32_t section_flags, uint32_t segment_flags,
                              uint32_t vaddr, uint32_t paddr, uint32_t size)
{
    maker_section(m, name, section_flags, vaddr, NULL, size);
    maker_segment(m, segment_flags, vaddr, paddr, size, size);
}

static inline void maker_symbol(struct elf_maker *m, const char *name,
                                uint32_t value)
{
    uint8_t *s = m->symbols[m->symbol_count++];

    le32_store(s, maker_name(m, name));
    le32_store(s + 4, value);
    le16_store(s + 14, SHN_ABS);
}

static inline struct file_bytes maker_finish(struct elf_maker *m)
{
    if (m->symbol_count > 1) {
        uint32_t size = 16 * m->symbol_count;
        uint8_t *h = maker_section(m, ".symtab", 0, 0, m->symbols, size);

        le32_store(h + 4, SHT_SYMTAB);
        le32_store(h + 24, m->section_count); /* its names come next */
        le32_store(h + 36, 16);
    }
    uint32_t index = m->section_count;
    uint8_t *h = maker_section(m, ".names", 0, 0, m->names, sizeof m->names);

    le32_store(h + 4, SHT_STRTAB);
    le32_store(m->bytes + 32, m->len);
    le16_store(m->bytes + 44, (uint16_t)m->segments);
    le16_store(m->bytes + 48, (uint16_t)m->section_count);
    le16_store(m->bytes + 50, (uint16_t)index);
    memcpy(m->bytes + m->len, m->sections, 40 * m->section_count);
    m->len += 40 * m->section_count;
    m->bytes = realloc(m->bytes, m->len); /* exact, for the sanitizer */
    return (struct file_bytes){m->bytes, m->len};
}
