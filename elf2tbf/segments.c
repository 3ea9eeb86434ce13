/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "segments.h"

#include "host/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Link address by which position-independent apps are recognised. */
#define PIC_FLASH 0x80000000u

/* From elf2tab on, gaps of a page and more are worth a warning. */
enum { LARGE_GAP = 4096 };

/* The first section with a size in a segment; null if there is none. */
static const struct elf_section *first_section(const struct elf_program *p,
                                               const struct elf_segment *s)
{
    for (size_t i = 0; i < p->section_count; i++)
        if (p->sections[i].size != 0 && elf_segment_has(s, &p->sections[i]))
            return &p->sections[i];
    return NULL;
}

static const char *name_of(const struct elf_program *p,
                           const struct elf_segment *s)
{
    const struct elf_section *section = first_section(p, s);

    return section != NULL ? section->name : "(no section)";
}

static bool is_stack(const struct elf_section *section)
{
    return strcmp(section->name, ".stack") == 0;
}

static bool holds_only_stack(const struct elf_program *p,
                             const struct elf_segment *s)
{
    for (size_t i = 0; i < p->section_count; i++) {
        const struct elf_section *section = &p->sections[i];

        if (section->size != 0 && elf_segment_has(s, section) &&
            !is_stack(section))
            return false;
    }
    return first_section(p, s) != NULL;
}

static bool has_contents(const struct elf_program *p,
                         const struct elf_segment *s)
{
    return s->file_size != 0 && !holds_only_stack(p, s);
}

/* Segments that are loaded from elsewhere or have no contents are RAM. */
static bool is_ram(const struct elf_segment *s, uint32_t addr)
{
    return (s->vaddr != s->paddr || s->file_size == 0) && addr >= s->vaddr &&
           addr - s->vaddr < s->memory_size;
}

static bool is_loaded_to_ram(const struct elf_program *p,
                             const struct elf_segment *s)
{
    if (p->sram_origin.found && p->sram_origin.value == s->paddr &&
        s->paddr != 0)
        return true;
    for (size_t i = 0; i < p->segment_count; i++)
        if (is_ram(&p->segments[i], s->paddr))
            return true;
    return false;
}

/* Data in RAM may happen to run at this address: it has another load address
 * and no code. */
static bool is_pic_code(const struct elf_segment *s)
{
    return s->vaddr == PIC_FLASH && (s->is_executable || s->paddr == s->vaddr);
}

/* The flash address when no symbol tells it; false if there is none. */
static bool guess_flash(const struct elf_program *p, struct binary *out)
{
    bool found = false;

    for (size_t i = 0; i < p->segment_count; i++) {
        const struct elf_segment *s = &p->segments[i];

        if (!has_contents(p, s) || first_section(p, s) == NULL ||
            is_loaded_to_ram(p, s))
            continue;
        if (is_pic_code(s)) {
            out->is_pic = true;
            return true;
        }
        if (!found || s->paddr < out->flash)
            out->flash = s->paddr;
        found = true;
    }
    return found;
}

static int find_addresses(const struct elf_program *p, struct binary *out,
                          struct err *e)
{
    if (p->flash_origin.found) {
        out->is_pic = p->flash_origin.value == PIC_FLASH;
        out->flash = p->flash_origin.value;
    } else if (!guess_flash(p, out)) {
        return err_set(e, ERR_INPUT,
                       "nothing in the file would be loaded to flash");
    }
    out->has_ram = p->sram_origin.found && p->sram_origin.value != 0;
    out->ram = p->sram_origin.value;
    return 0;
}

/* Takes away what lies before the flash start; false if nothing is left. */
static bool cut_before(struct elf_segment *s, uint32_t flash)
{
    uint32_t before = flash > s->paddr ? flash - s->paddr : 0;

    if (before >= s->file_size)
        return false;
    s->offset += before;
    s->paddr += before;
    s->vaddr += before;
    s->file_size -= before;
    s->memory_size -= before;
    return true;
}

static int select_part(const struct elf_program *p, size_t index,
                       struct binary *out, struct notes *notes, struct err *e)
{
    struct elf_segment s = p->segments[index];
    const char *name = name_of(p, &s);
    bool has_section = first_section(p, &s) != NULL;

    if (!out->is_pic && !cut_before(&s, out->flash)) {
        if (has_section)
            notes_add(notes,
                      "section '%s' at 0x%08x lies before the flash start "
                      "0x%08x and is left out",
                      name, s.paddr, out->flash);
        return 0;
    }
    if (is_loaded_to_ram(p, &s)) {
        err_set(e, ERR_INPUT,
                "section '%s' has contents and would be loaded to RAM at "
                "0x%08x",
                name, s.paddr);
        return err_hint(e, "give it a load address in flash in the linker "
                           "script, as in `> SRAM AT > FLASH`");
    }
    out->parts[out->count++] =
        (struct binary_part){.segment = s, .index = index};
    return 0;
}

/* By load address; equal ones overlap and are refused later. */
static int compare_parts(const void *a, const void *b)
{
    const struct binary_part *x = a;
    const struct binary_part *y = b;

    return (x->segment.paddr > y->segment.paddr) -
           (x->segment.paddr < y->segment.paddr);
}

static int set_gap(const struct elf_program *p, struct binary_part *part,
                   uint64_t end, const char *before, struct notes *notes,
                   struct err *e)
{
    const char *name = name_of(p, &part->segment);
    uint32_t start = part->segment.paddr;

    if (start < end)
        return err_set(e, ERR_INPUT,
                       "section '%s' at 0x%08x overlaps section '%s', which "
                       "ends at 0x%08llx",
                       name, start, before, (unsigned long long)end);
    if (start - end > BINARY_MAX_GAP) {
        err_set(e, ERR_INPUT,
                "section '%s' is loaded at 0x%08x, %llu bytes behind '%s'",
                name, start, (unsigned long long)(start - end), before);
        return err_hint(e,
                        "if it belongs to RAM, give it a load address in "
                        "flash (`AT > FLASH`); gaps may have %u bytes",
                        BINARY_MAX_GAP);
    }
    part->gap = (uint32_t)(start - end);
    if (part->gap >= LARGE_GAP)
        notes_add(notes, "%u bytes of zeros stand before section '%s'",
                  part->gap, name);
    return 0;
}

/* The gap before the first part of a fixed app reaches back to its start. */
static int set_gaps(const struct elf_program *p, struct binary *b,
                    struct notes *notes, struct err *e)
{
    const char *before = "(flash start)";
    uint64_t end = b->is_pic ? b->parts[0].segment.paddr : b->flash;

    for (size_t i = 0; i < b->count; i++) {
        struct binary_part *part = &b->parts[i];

        if (set_gap(p, part, end, before, notes, e) != 0)
            return -1;
        end = (uint64_t)part->segment.paddr + part->segment.file_size;
        before = name_of(p, &part->segment);
    }
    return 0;
}

static int compare_indexes(const void *a, const void *b)
{
    const struct binary_part *x = a;
    const struct binary_part *y = b;

    return (x->index > y->index) - (x->index < y->index);
}

/* Sorted parts back in the file's order, each directly behind the one before
 * unless that leaves a gap. */
static void restore_order(const struct elf_program *p, struct binary *b,
                          struct notes *notes)
{
    qsort(b->parts, b->count, sizeof *b->parts, compare_indexes);
    b->parts[0].gap = 0;
    for (size_t i = 1; i < b->count; i++) {
        const struct elf_segment *before = &b->parts[i - 1].segment;
        struct binary_part *part = &b->parts[i];
        uint32_t end = before->paddr + before->file_size;

        part->gap = part->segment.paddr > end ? part->segment.paddr - end : 0;
        if (part->segment.paddr < end)
            notes_add(notes,
                      "section '%s' comes behind '%s' in the file and is not "
                      "put where it was linked for: the app cannot work",
                      name_of(p, &part->segment), name_of(p, before));
    }
}

static bool is_in_file_order(const struct binary *b)
{
    for (size_t i = 1; i < b->count; i++)
        if (b->parts[i - 1].index > b->parts[i].index)
            return false;
    return true;
}

static int find_parts(const struct elf_program *p, enum binary_order order,
                      struct binary *out, struct notes *notes, struct err *e)
{
    out->parts = alloc_zeroed(p->segment_count, sizeof *out->parts);
    for (size_t i = 0; i < p->segment_count; i++)
        if (has_contents(p, &p->segments[i]) &&
            select_part(p, i, out, notes, e) != 0)
            return -1;
    if (out->count == 0)
        return err_set(e, ERR_INPUT,
                       "nothing in the file would be loaded to flash at or "
                       "behind 0x%08x",
                       out->flash);
    qsort(out->parts, out->count, sizeof *out->parts, compare_parts);
    if (set_gaps(p, out, notes, e) != 0)
        return -1;
    if (order == BINARY_FILE_ORDER && !is_in_file_order(out))
        restore_order(p, out, notes);
    return 0;
}

int binary_find(const struct elf_program *program, enum binary_order order,
                struct binary *out, struct notes *notes, struct err *e)
{
    *out = (struct binary){0};
    if (find_addresses(program, out, e) != 0 ||
        find_parts(program, order, out, notes, e) != 0) {
        binary_free(out);
        return -1;
    }
    return 0;
}

void binary_free(struct binary *binary)
{
    free(binary->parts);
    *binary = (struct binary){0};
}

/* Bytes of a segment that ".stack" takes; the stack is counted apart. */
static uint64_t stack_in(const struct elf_program *p,
                         const struct elf_segment *s)
{
    uint64_t size = 0;

    for (size_t i = 0; i < p->section_count; i++)
        if (is_stack(&p->sections[i]) && elf_segment_has(s, &p->sections[i]))
            size += p->sections[i].size;
    return size < s->memory_size ? size : s->memory_size;
}

/*
 * Writeable segments that are not used where they lie in flash. Without
 * contents that is RAM too, whatever load address the linker gave it.
 */
uint64_t binary_ram_size(const struct elf_program *program)
{
    uint64_t size = 0;

    for (size_t i = 0; i < program->segment_count; i++) {
        const struct elf_segment *s = &program->segments[i];

        if (!s->is_writeable)
            continue;
        if (s->vaddr != s->paddr)
            size += s->memory_size;
        else if (s->file_size == 0)
            size += s->memory_size - stack_in(program, s);
    }
    return size;
}

uint64_t binary_ram_moved(const struct elf_program *program)
{
    uint64_t size = 0;

    for (size_t i = 0; i < program->segment_count; i++) {
        const struct elf_segment *s = &program->segments[i];

        if (s->is_writeable && s->vaddr != s->paddr)
            size += s->memory_size;
    }
    return size;
}

const char *binary_part_name(const struct elf_program *program,
                             const struct binary_part *part)
{
    return name_of(program, &part->segment);
}
