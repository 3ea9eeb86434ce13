/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "lint.h"

#include "attributes.h"
#include "place/place.h"

#include <string.h>

/* Apps with a fixed address are linked this far above where objects start. */
enum { FIXED_HEADER_ROOM = 0x80 };

static void lint_header(const struct layout *l, struct notes *notes)
{
    const struct tbf_spec *spec = &l->spec;

    if (!spec->has_kernel_version)
        notes_add(notes, "without --kernel-major kernels will not run the app; "
                         "add --kernel-major 2");
    if (spec->read_count > TBF_MAX_STORAGE_IDS ||
        spec->modify_count > TBF_MAX_STORAGE_IDS)
        notes_add(notes,
                  "kernels take at most %u read ids and %u access ids; with "
                  "more the app can read and change nothing",
                  TBF_MAX_STORAGE_IDS, TBF_MAX_STORAGE_IDS);
    if (!l->binary.is_pic && l->header_size > FIXED_HEADER_ROOM)
        notes_add(notes,
                  "the header takes %u bytes; apps linked for a fixed address "
                  "leave 0x%x by convention: shorten the name or the lists",
                  l->header_size, FIXED_HEADER_ROOM);
    if (spec->has_entry_per_region && spec->region_count > 1)
        notes_add(notes,
                  "with --elf2tab-compat kernels see only the last of the %u "
                  "writeable regions",
                  spec->region_count);
}

static bool makes_credentials(const struct cmdline *c)
{
    return c->sha256 || c->sha384 || c->sha512 || c->rsa4096 != NULL ||
           c->ecdsa_p256 != NULL || c->sign_command != NULL;
}

static void lint_credentials(const struct cmdline *c, const struct layout *l,
                             struct notes *notes)
{
    if (makes_credentials(c) && l->spec.region_count != 0)
        notes_add(notes,
                  "the credentials cover the writeable flash regions: once the "
                  "app writes there, they are wrong; keep the data elsewhere");
}

/* Sections of the binary by load address. */
struct loaded {
    const struct elf_section *section;
    uint64_t end;
    bool is_data; /* copied to RAM at the start of the app */
};

/* The loaded section with the highest end that is, or is not, data. */
static struct loaded find_last(const struct elf_program *p,
                               const struct binary *b, bool data)
{
    struct loaded last = {NULL, 0, data};

    for (size_t i = 0; i < b->count; i++) {
        const struct elf_segment *s = &b->parts[i].segment;

        for (size_t k = 0; k < p->section_count; k++) {
            const struct elf_section *section = &p->sections[k];
            bool is_data = section->is_writeable && s->vaddr != s->paddr;

            if (section->size == 0 || section->is_empty || is_data != data ||
                !elf_segment_has(s, section))
                continue;

            uint64_t end =
                s->paddr + (section->addr - s->vaddr) + section->size;
            if (end > last.end)
                last = (struct loaded){section, end, data};
        }
    }
    return last;
}

/*
 * Start-up code of C apps looks for the relocations where the linker script
 * says that the data ends in flash.
 */
static void lint_relocations(const struct elf_program *p,
                             const struct layout *l, struct notes *notes)
{
    struct loaded data = find_last(p, &l->binary, true);
    struct loaded other = find_last(p, &l->binary, false);

    if (data.section != NULL && other.section != NULL && other.end > data.end)
        notes_add(notes,
                  "section '%s' is loaded behind '%s', where the app's "
                  "start-up code looks for its relocations; in the linker "
                  "script put it before the data, or mark it NOLOAD",
                  other.section->name, data.section->name);
    if (!l->binary.is_pic)
        return;
    for (size_t i = 0; i < p->section_count; i++)
        if (strncmp(p->sections[i].name, ".rela.", 6) == 0 &&
            p->sections[i].size != 0) {
            const struct elf_section *target =
                elf_section_find(p, p->sections[i].name + 5);

            if (target != NULL && target->is_loaded && target->is_writeable)
                notes_add(notes,
                          "the relocations in '%s' are not carried into the "
                          "object: link the app for a fixed address",
                          p->sections[i].name);
        }
}

static bool is_held(const struct elf_program *p,
                    const struct elf_section *section)
{
    for (size_t i = 0; i < p->segment_count; i++)
        if (elf_segment_has(&p->segments[i], section))
            return true;
    return false;
}

static void lint_sections(const struct elf_program *p, struct notes *notes)
{
    for (size_t i = 0; i < p->section_count; i++) {
        const struct elf_section *section = &p->sections[i];

        if (section->is_loaded && !section->is_empty && section->size != 0 &&
            !is_held(p, section))
            notes_add(notes,
                      "section '%s' has contents for 0x%08llx, but no segment "
                      "loads them; look at PHDRS in the linker script",
                      section->name, (unsigned long long)section->addr);
    }
}

static void lint_entry(const struct elf_program *p, const struct layout *l,
                       struct notes *notes)
{
    if (p->machine == ELF_MACHINE_ARM && l->spec.init_offset % 2 == 0)
        notes_add(notes,
                  "the entry point 0x%08llx is no Thumb code, which is all "
                  "that Cortex-M runs; declare the function as %%function",
                  (unsigned long long)p->entry);
}

/* Cores of ARMv8-M have two digits in their names. */
static enum place_kind protection(const struct elf_program *p)
{
    struct attributes_name name;

    if (p->machine != ELF_MACHINE_ARM)
        return PLACE_PMP;
    return attributes_architecture(p, &name) &&
                   strlen(name.text) > strlen("cortex-m7")
               ? PLACE_ARMV8M
               : PLACE_ARMV7M;
}

static void lint_place(const struct elf_program *p, const struct layout *l,
                       struct notes *notes)
{
    const struct tbf_spec *spec = &l->spec;

    if (l->binary.is_pic)
        return;
    if (spec->fixed_flash < spec->protected_size) {
        notes_add(notes,
                  "linked for 0x%08x the object would have to start before "
                  "address 0",
                  spec->fixed_flash);
        return;
    }

    uint32_t start = spec->fixed_flash - spec->protected_size;
    if (!place_flash_fits(protection(p), start, spec->total_size))
        notes_add(notes,
                  "linked for 0x%08x the object starts at 0x%08x, where the "
                  "MPU cannot protect its %u bytes; link it for a multiple of "
                  "its size plus %u",
                  spec->fixed_flash, start, spec->total_size,
                  spec->protected_size);
}

void lint_object(const struct elf_program *program,
                 const struct cmdline *cmdline, const struct layout *layout,
                 struct notes *notes)
{
    lint_header(layout, notes);
    lint_credentials(cmdline, layout, notes);
    lint_relocations(program, layout, notes);
    lint_sections(program, notes);
    lint_entry(program, layout, notes);
    lint_place(program, layout, notes);
}

void lint_name(const struct elf_program *program, const char *name,
               struct notes *notes)
{
    struct attributes_name found;

    if (!attributes_architecture(program, &found))
        return;
    if (!attributes_is_architecture(name))
        notes_add(notes,
                  "boards will not know the architecture '%s'; the program "
                  "was built for %s: append ',%s' to the file's name, or "
                  "',auto'",
                  name, found.text, found.text);
    else if (!attributes_can_run(name, &found))
        notes_add(notes,
                  "the program was built for %s, which the architecture '%s' "
                  "cannot run",
                  found.text, name);
}
