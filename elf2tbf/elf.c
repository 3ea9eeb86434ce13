/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "elf_program.h"

#include "host/alloc.h"

#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

/*
 * More than any app has. They bound the time that a hostile file can cost:
 * the layout compares every section with every segment.
 */
enum { MAX_SEGMENTS = 256, MAX_SECTIONS = 8192, MAX_NAME = 255 };

#define OUTSIDE "lie beyond the end of the file or over its header"

/* A part of the file, checked to lie inside it. */
struct part {
    const uint8_t *bytes;
    size_t len;
};

static bool find_part(const struct elf_program *p, uint64_t offset,
                      uint64_t size, struct part *out)
{
    if (offset > p->len || size > p->len - offset)
        return false;
    *out = (struct part){p->bytes + offset, (size_t)size};
    return true;
}

/* Every string table begins and ends with a NUL. */
static bool is_string_table(struct part table)
{
    return table.len != 0 && table.bytes[0] == '\0' &&
           table.bytes[table.len - 1] == '\0';
}

/* A string of at most MAX_NAME bytes in a string table, or null. */
static const char *find_string(struct part table, uint64_t at)
{
    if (at >= table.len)
        return NULL;

    size_t room = table.len - (size_t)at;
    const char *string = (const char *)table.bytes + at;

    if (memchr(string, '\0', room < MAX_NAME ? room : MAX_NAME) == NULL)
        return NULL;
    return string;
}

static int bad(const char *problem, struct err *e)
{
    return err_set(e, ERR_INPUT, "%s", problem);
}

/* libelf accepts more kinds of files than there are ELF programs. */
static int check_ident(const uint8_t *bytes, size_t len, struct err *e)
{
    if (len < EI_NIDENT || memcmp(bytes, ELFMAG, SELFMAG) != 0)
        return bad("not an ELF file", e);
    if (bytes[EI_CLASS] != ELFCLASS32 && bytes[EI_CLASS] != ELFCLASS64)
        return bad("neither a 32-bit nor a 64-bit ELF file", e);
    if (bytes[EI_DATA] != ELFDATA2LSB && bytes[EI_DATA] != ELFDATA2MSB)
        return bad("an ELF file of unknown byte order", e);
    if (bytes[EI_VERSION] != EV_CURRENT)
        return bad("an ELF file of unknown version", e);
    return 0;
}

/* Like find_part for what cannot lie where the ELF header is. */
static bool find_behind(const struct elf_program *p, const GElf_Ehdr *header,
                        uint64_t offset, uint64_t size, struct part *out)
{
    return (size == 0 || offset >= header->e_ehsize) &&
           find_part(p, offset, size, out);
}

static bool has_table(const struct elf_program *p, const GElf_Ehdr *header,
                      uint64_t offset, size_t count, size_t size)
{
    struct part table;

    return count <= p->len / size &&
           find_behind(p, header, offset, count * size, &table);
}

static int read_segment(const struct elf_program *p, const GElf_Phdr *ph,
                        struct elf_segment *out, struct err *e)
{
    const uint64_t limit = (uint64_t)UINT32_MAX + 1;
    struct part contents;

    if (ph->p_vaddr >= limit || ph->p_memsz > limit - ph->p_vaddr ||
        ph->p_paddr >= limit || ph->p_memsz > limit - ph->p_paddr ||
        ph->p_memsz > UINT32_MAX)
        return err_set(e, ERR_INPUT,
                       "the segment at 0x%llx does not lie in a 32-bit address "
                       "space",
                       (unsigned long long)ph->p_vaddr);
    if (ph->p_filesz > ph->p_memsz)
        return err_set(e, ERR_INPUT,
                       "the segment at 0x%llx has more contents than memory",
                       (unsigned long long)ph->p_vaddr);
    if (ph->p_filesz != 0 &&
        !find_part(p, ph->p_offset, ph->p_filesz, &contents))
        return err_set(e, ERR_INPUT,
                       "the contents of the segment at 0x%llx lie beyond the "
                       "end of the file",
                       (unsigned long long)ph->p_vaddr);
    *out = (struct elf_segment){
        .vaddr = (uint32_t)ph->p_vaddr,
        .paddr = (uint32_t)ph->p_paddr,
        .file_size = (uint32_t)ph->p_filesz,
        .memory_size = (uint32_t)ph->p_memsz,
        .offset = ph->p_offset,
        .is_writeable = (ph->p_flags & PF_W) != 0,
        .is_executable = (ph->p_flags & PF_X) != 0,
    };
    return 0;
}

static int read_segments(Elf *elf, const GElf_Ehdr *header,
                         struct elf_program *p, struct err *e)
{
    size_t count = 0;
    size_t size = gelf_fsize(elf, ELF_T_PHDR, 1, EV_CURRENT);

    if (header->e_phoff == 0 || header->e_phnum == 0)
        return bad("no program headers: the file is no linked program", e);
    if (header->e_phentsize != size)
        return bad("program headers of unexpected size", e);
    /* libelf cuts a number that does not fit the file: ask for the table. */
    if (elf_getphdrnum(elf, &count) != 0 || count < header->e_phnum ||
        !has_table(p, header, header->e_phoff, count, size))
        return bad("the program headers " OUTSIDE, e);
    if (count > MAX_SEGMENTS)
        return err_set(e, ERR_INPUT, "more than %d program headers",
                       MAX_SEGMENTS);

    p->segments = alloc_zeroed(count, sizeof *p->segments);
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr ph;

        if (gelf_getphdr(elf, (int)i, &ph) == NULL)
            return bad("a program header cannot be read", e);
        if (ph.p_type != PT_LOAD)
            continue;
        if (read_segment(p, &ph, &p->segments[p->segment_count], e) != 0)
            return -1;
        p->segment_count++;
    }
    return 0;
}

static bool get_section(Elf *elf, size_t index, GElf_Shdr *out)
{
    Elf_Scn *section = elf_getscn(elf, index);

    return section != NULL && gelf_getshdr(section, out) != NULL;
}

static int find_section_names(Elf *elf, const struct elf_program *p,
                              struct part *names, struct err *e)
{
    size_t index;
    GElf_Shdr sh;

    if (elf_getshdrstrndx(elf, &index) != 0 || index == SHN_UNDEF ||
        !get_section(elf, index, &sh) || sh.sh_type != SHT_STRTAB ||
        !find_part(p, sh.sh_offset, sh.sh_size, names) ||
        !is_string_table(*names))
        return bad("the table of section names is missing or damaged", e);
    return 0;
}

static int check_section(const struct elf_program *p, const GElf_Ehdr *header,
                         const GElf_Shdr *sh, const char *name, struct err *e)
{
    const uint64_t limit = (uint64_t)UINT32_MAX + 1;
    struct part contents;

    if (sh->sh_type != SHT_NULL && sh->sh_type != SHT_NOBITS &&
        !find_behind(p, header, sh->sh_offset, sh->sh_size, &contents))
        return err_set(e, ERR_INPUT, "the contents of section '%s' " OUTSIDE,
                       name);
    if ((sh->sh_flags & SHF_ALLOC) != 0 &&
        (sh->sh_addr >= limit || sh->sh_size > limit - sh->sh_addr))
        return err_set(e, ERR_INPUT,
                       "section '%s' at 0x%llx does not lie in a 32-bit "
                       "address space",
                       name, (unsigned long long)sh->sh_addr);
    return 0;
}

/* The index of a section is its place in the array. */
static int compare_names(const void *a, const void *b)
{
    const struct elf_section *x = *(const struct elf_section *const *)a;
    const struct elf_section *y = *(const struct elf_section *const *)b;
    int order = strcmp(x->name, y->name);

    return order != 0 ? order : (x > y) - (x < y);
}

static void sort_names(struct elf_program *p)
{
    p->by_name = alloc_zeroed(p->section_count, sizeof *p->by_name);
    for (size_t i = 0; i < p->section_count; i++)
        p->by_name[i] = &p->sections[i];
    qsort(p->by_name, p->section_count, sizeof *p->by_name, compare_names);
}

static int read_sections(Elf *elf, const GElf_Ehdr *header,
                         struct elf_program *p, struct err *e)
{
    size_t count;
    size_t size = gelf_fsize(elf, ELF_T_SHDR, 1, EV_CURRENT);
    struct part names = {0};

    if (header->e_shoff == 0)
        return bad("no section headers", e);
    if (header->e_shentsize != size)
        return bad("section headers of unexpected size", e);
    if (elf_getshdrnum(elf, &count) != 0 || count == 0 ||
        count < header->e_shnum ||
        !has_table(p, header, header->e_shoff, count, size))
        return bad("the section headers " OUTSIDE, e);
    if (count > MAX_SECTIONS)
        return err_set(e, ERR_INPUT, "more than %d sections", MAX_SECTIONS);
    if (find_section_names(elf, p, &names, e) != 0)
        return -1;

    p->sections = alloc_zeroed(count, sizeof *p->sections);
    for (size_t i = 0; i < count; i++) {
        GElf_Shdr sh;
        const char *name;

        if (!get_section(elf, i, &sh) ||
            (name = find_string(names, sh.sh_name)) == NULL)
            return err_set(e, ERR_INPUT,
                           "section %zu or its name cannot be read", i);
        if (check_section(p, header, &sh, name, e) != 0)
            return -1;
        p->sections[p->section_count++] = (struct elf_section){
            .name = name,
            .addr = sh.sh_addr,
            .offset = sh.sh_offset,
            .size = sh.sh_size,
            .is_loaded = (sh.sh_flags & SHF_ALLOC) != 0,
            .is_writeable = (sh.sh_flags & SHF_WRITE) != 0,
            .is_empty = sh.sh_type == SHT_NOBITS,
            .is_compressed = (sh.sh_flags & SHF_COMPRESSED) != 0,
        };
    }
    sort_names(p);
    return 0;
}

/* Is some byte of the section where the segment is at run time? */
static bool overlap(const struct elf_segment *segment,
                    const struct elf_section *section)
{
    return section->addr < (uint64_t)segment->vaddr + segment->memory_size &&
           segment->vaddr < section->addr + section->size;
}

/*
 * Segments tell what is loaded, sections what it is. A section that some
 * segment should load, but with other bytes than its own, is damage.
 */
static int check_agreement(const struct elf_program *p, struct err *e)
{
    for (size_t k = 0; k < p->section_count; k++) {
        const struct elf_section *section = &p->sections[k];
        bool is_met = false;
        bool is_held = false;

        if (!section->is_loaded || section->is_empty || section->size == 0)
            continue;
        for (size_t i = 0; i < p->segment_count && !is_held; i++) {
            is_met |= overlap(&p->segments[i], section);
            is_held = elf_segment_has(&p->segments[i], section);
        }
        if (is_met && !is_held)
            return err_set(e, ERR_INPUT,
                           "section '%s' and the segment at its address 0x%llx "
                           "do not agree on where its contents are",
                           section->name, (unsigned long long)section->addr);
    }
    return 0;
}

/* Which of the three known symbols is it? Null for any other, also for one
 * without a readable name. */
static struct elf_symbol *known_symbol(struct elf_program *p, const char *name)
{
    if (name == NULL)
        return NULL;
    if (strcmp(name, "_flash_origin") == 0)
        return &p->flash_origin;
    if (strcmp(name, "_sram_origin") == 0)
        return &p->sram_origin;
    if (strcmp(name, "tbf_protected_region_size") == 0)
        return &p->protected_region_size;
    return NULL;
}

static int note_symbol(struct elf_program *p, const GElf_Sym *symbol,
                       const char *name, struct err *e)
{
    struct elf_symbol *known = known_symbol(p, name);

    if (known == NULL || known->found || symbol->st_shndx == SHN_UNDEF)
        return 0;
    if (symbol->st_value > UINT32_MAX)
        return err_set(e, ERR_INPUT,
                       "symbol '%s' is 0x%llx: it does not fit 32 bits", name,
                       (unsigned long long)symbol->st_value);
    *known = (struct elf_symbol){true, (uint32_t)symbol->st_value};
    return 0;
}

/* table and its header: the file's first symbol table. */
static int read_symbol_table(Elf *elf, Elf_Scn *table, const GElf_Shdr *sh,
                             struct elf_program *p, struct err *e)
{
    size_t size = gelf_fsize(elf, ELF_T_SYM, 1, EV_CURRENT);
    GElf_Shdr names_header;
    struct part symbols, names = {0};

    if (sh->sh_entsize != size || sh->sh_size % size != 0 ||
        sh->sh_size / size > INT32_MAX ||
        !find_part(p, sh->sh_offset, sh->sh_size, &symbols) ||
        !get_section(elf, sh->sh_link, &names_header) ||
        names_header.sh_type != SHT_STRTAB ||
        !find_part(p, names_header.sh_offset, names_header.sh_size, &names) ||
        !is_string_table(names))
        return bad("the symbol table is damaged", e);

    Elf_Data *data = elf_getdata(table, NULL);
    for (size_t i = 0; i < sh->sh_size / size; i++) {
        GElf_Sym symbol;

        if (data == NULL || gelf_getsym(data, (int)i, &symbol) == NULL ||
            symbol.st_name >= names.len)
            return bad("the symbol table cannot be read", e);
        if (note_symbol(p, &symbol, find_string(names, symbol.st_name), e) != 0)
            return -1;
    }
    return 0;
}

/* A program without symbols is fine: its addresses then come from elsewhere. */
static int read_symbols(Elf *elf, struct elf_program *p, struct err *e)
{
    for (size_t i = 0; i < p->section_count; i++) {
        GElf_Shdr sh;

        if (!get_section(elf, i, &sh))
            return bad("a section header cannot be read", e);
        if (sh.sh_type == SHT_SYMTAB)
            return read_symbol_table(elf, elf_getscn(elf, i), &sh, p, e);
    }
    return 0;
}

static int read_program(Elf *elf, struct elf_program *p, struct err *e)
{
    GElf_Ehdr header;

    if (elf_kind(elf) != ELF_K_ELF || gelf_getehdr(elf, &header) == NULL ||
        header.e_version != EV_CURRENT ||
        header.e_ehsize != gelf_fsize(elf, ELF_T_EHDR, 1, EV_CURRENT))
        return bad("the ELF header is damaged", e);
    p->machine = header.e_machine;
    p->entry = header.e_entry;
    if (read_segments(elf, &header, p, e) != 0 ||
        read_sections(elf, &header, p, e) != 0 || check_agreement(p, e) != 0)
        return -1;
    return read_symbols(elf, p, e);
}

int elf_program_open(const uint8_t *bytes, size_t len, struct elf_program *out,
                     struct err *e)
{
    *out = (struct elf_program){.bytes = bytes, .len = len};
    if (check_ident(bytes, len, e) != 0)
        return -1;

    elf_version(EV_CURRENT);
    /* libelf only reads an image in memory; its prototype does not say so. */
    Elf *elf = elf_memory((char *)(uintptr_t)bytes, len);
    if (elf == NULL)
        return bad("the ELF header is damaged or cut off", e);
    int result = read_program(elf, out, e);
    elf_end(elf);
    if (result != 0)
        elf_program_free(out);
    return result;
}

void elf_program_free(struct elf_program *program)
{
    free(program->segments);
    free(program->sections);
    free(program->by_name);
    *program = (struct elf_program){0};
}

int elf_section_bytes(const struct elf_program *program,
                      const struct elf_section *section, const uint8_t **bytes,
                      struct err *e)
{
    struct part part;

    if (section->is_empty || section->is_compressed ||
        !find_part(program, section->offset, section->size, &part))
        return err_set(e, ERR_INPUT,
                       "the contents of section '%s' are not in the file",
                       section->name);
    *bytes = part.bytes;
    return 0;
}

const struct elf_section *elf_section_find(const struct elf_program *program,
                                           const char *name)
{
    size_t low = 0;
    size_t high = program->section_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(program->by_name[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == program->section_count ||
        strcmp(program->by_name[low]->name, name) != 0)
        return NULL;
    return program->by_name[low];
}

/* Does [start, start + size) lie in [low, low + room)? An empty range must
 * start before the end, unless there is no room at all, as in binutils. */
static bool lies_in(uint64_t start, uint64_t size, uint64_t low, uint64_t room)
{
    if (start < low)
        return false;

    uint64_t distance = start - low;

    return size <= room && distance <= room - size &&
           (room == 0 || distance < room);
}

bool elf_segment_has(const struct elf_segment *segment,
                     const struct elf_section *section)
{
    if (!section->is_loaded || !lies_in(section->addr, section->size,
                                        segment->vaddr, segment->memory_size))
        return false;
    return section->is_empty || lies_in(section->offset, section->size,
                                        segment->offset, segment->file_size);
}
