/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "layout.h"

#include "base/bits.h"
#include "host/alloc.h"

#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_STACK = 2048,
    DEFAULT_HEAP = 1024,
    SMALLEST_ARM_PADDING = 512,
    LENGTH_WORD = 4,
    /* Objects of fixed apps start at multiples of this by convention. */
    FIXED_ALIGNMENT = 256,
};

uint64_t layout_padded(uint16_t machine, uint64_t size)
{
    if (machine == ELF_MACHINE_I386)
        return align_up_u64(size, 4096);
    if (machine != ELF_MACHINE_ARM || size > UINT32_MAX)
        return align_up_u64(size, 4);
    /* A small exact power of two stays: as elf2tab does, and it is right. */
    if (is_power_of_two((uint32_t)size))
        return size;
    uint64_t padded = next_power_of_two((uint32_t)size);
    return padded < SMALLEST_ARM_PADDING ? SMALLEST_ARM_PADDING : padded;
}

const char *layout_padding_reason(uint16_t machine)
{
    if (machine == ELF_MACHINE_I386)
        return "a multiple of a page";
    if (machine == ELF_MACHINE_ARM)
        return "the MPU protects powers of two";
    return "objects are multiples of 4 bytes";
}

/* What the command line says of the header. */
static void set_wishes(const struct cmdline *c, struct tbf_spec *spec)
{
    spec->flags = c->disable ? 0 : TBF_FLAG_ENABLED;
    spec->version = c->app_version.value;
    spec->name = c->name;
    spec->name_len = c->name != NULL ? (uint16_t)strlen(c->name) : 0;
    spec->permissions = c->permissions;
    spec->permission_count = c->permission_count;
    spec->has_storage = c->write_id.given || c->read_words.count != 0 ||
                        c->modify_words.count != 0;
    spec->write_id = c->write_id.value;
    spec->read_ids = c->read_ids;
    spec->read_count = (uint32_t)c->read_words.count;
    spec->modify_ids = c->modify_ids;
    spec->modify_count = (uint32_t)c->modify_words.count;
    spec->has_kernel_version = c->kernel_major.given;
    spec->kernel_major = (uint16_t)c->kernel_major.value;
    spec->kernel_minor = (uint16_t)c->kernel_minor.value;
    spec->has_short_id = c->short_id.given;
    spec->short_id = c->short_id.value;
    spec->has_entry_per_region = c->compat;
}

/* Calls use for each section with a size in each part, in order. */
typedef int use_section(struct layout *l, const struct elf_program *p,
                        const struct binary_part *part,
                        const struct elf_section *section, struct err *e);

static int each_section(struct layout *l, const struct elf_program *p,
                        use_section *use, struct err *e)
{
    for (size_t i = 0; i < l->binary.count; i++) {
        const struct binary_part *part = &l->binary.parts[i];

        for (size_t k = 0; k < p->section_count; k++) {
            const struct elf_section *section = &p->sections[k];

            if (section->size != 0 &&
                elf_segment_has(&part->segment, section) &&
                use(l, p, part, section, e) != 0)
                return -1;
        }
    }
    return 0;
}

/* Also bounds what a hostile file can make the other passes do. */
static int check_sections(const struct layout *l, const struct elf_program *p,
                          struct err *e)
{
    for (size_t k = 0; k < p->section_count; k++) {
        const struct elf_section *section = &p->sections[k];
        unsigned holders = 0;

        for (size_t i = 0; section->size != 0 && i < l->binary.count; i++)
            holders += elf_segment_has(&l->binary.parts[i].segment, section);
        if (holders > 1)
            return err_set(e, ERR_INPUT, "section '%s' is in %u segments",
                           section->name, holders);
    }
    return 0;
}

static int count_region(struct layout *l, const struct elf_program *p,
                        const struct binary_part *part,
                        const struct elf_section *section, struct err *e)
{
    (void)p;
    (void)part;
    (void)e;
    if (strstr(section->name, ".wfr") != NULL)
        l->spec.region_count++;
    return 0;
}

/* The section lies in the segment, so the sums fit 32 bits. */
static int set_region(struct layout *l, const struct elf_program *p,
                      const struct binary_part *part,
                      const struct elf_section *section, struct err *e)
{
    (void)p;
    (void)e;
    if (strstr(section->name, ".wfr") != NULL)
        l->regions[l->spec.region_count++] = (struct tbf_region_spec){
            part->at + (uint32_t)(section->addr - part->segment.vaddr),
            (uint32_t)section->size,
        };
    return 0;
}

static int add_relocation(struct layout *l, const struct elf_program *p,
                          const struct binary_part *part,
                          const struct elf_section *section, struct err *e)
{
    (void)part;
    if (!section->is_writeable)
        return 0;

    char *name = alloc_format(".rel%s", section->name);
    const struct elf_section *records = elf_section_find(p, name);
    const uint8_t *bytes;

    free(name);
    if (records == NULL || records->is_empty || records->size == 0)
        return 0;
    if (elf_section_bytes(p, records, &bytes, e) != 0)
        return -1;
    if (records->size > LAYOUT_MAX_SIZE - l->relocation_len)
        return err_set(e, ERR_INPUT, "section '%s' is too large",
                       records->name);
    l->relocations[l->relocation_count++] =
        (struct layout_relocation){records, bytes, (uint32_t)records->size};
    l->relocation_len += (uint32_t)records->size;
    return 0;
}

static void set_addresses(struct layout *l)
{
    const struct binary *b = &l->binary;

    l->spec.has_fixed_addresses = !b->is_pic || b->has_ram;
    l->spec.fixed_flash = b->is_pic ? TBF_NOT_FIXED : b->flash;
    l->spec.fixed_ram = b->has_ram ? b->ram : TBF_NOT_FIXED;
}

static int header_too_large(const struct layout *l, const char *source,
                            struct err *e)
{
    err_set(e, ERR_INPUT,
            "the header takes %u bytes, but only %u stand before the app "
            "binary (%s)",
            l->header_size, l->spec.protected_size, source);
    return err_hint(e, "link the app 0x80 or more bytes above a multiple of "
                       "256, or give --protected-region-size");
}

/* From the object's start to the app binary: header and trailer. */
static int set_protected_size(struct layout *l, const struct elf_program *p,
                              const struct cmdline *c, struct notes *notes,
                              struct err *e)
{
    const char *source;

    if (p->protected_region_size.found) {
        source = "symbol tbf_protected_region_size";
        l->spec.protected_size = p->protected_region_size.value;
        if (c->protected_size.given)
            notes_add(notes,
                      "the symbol tbf_protected_region_size, %u bytes, wins "
                      "over --protected-region-size",
                      p->protected_region_size.value);
    } else if (c->protected_size.given) {
        source = "--protected-region-size";
        l->spec.protected_size = c->protected_size.value;
    } else if (!l->binary.is_pic) {
        source = "flash address modulo 256";
        l->spec.protected_size = l->binary.flash % FIXED_ALIGNMENT;
    } else {
        source = "size of the header";
        l->spec.protected_size = l->header_size;
    }
    if (l->spec.protected_size < l->header_size)
        return header_too_large(l, source, e);
    return 0;
}

static int too_large(struct err *e)
{
    return err_set(e, ERR_INPUT, "the object would have more than %u bytes",
                   LAYOUT_MAX_SIZE);
}

/* Offsets of the parts and of the relocations; the end of the binary. */
static int place_binary(struct layout *l, struct notes *notes, struct err *e)
{
    uint64_t at = l->spec.protected_size;

    for (size_t i = 0; i < l->binary.count; i++) {
        struct binary_part *part = &l->binary.parts[i];

        at += part->gap;
        if (at + part->segment.file_size > LAYOUT_MAX_SIZE)
            return too_large(e);
        part->at = (uint32_t)at;
        at += part->segment.file_size;
    }
    if (at + LENGTH_WORD + l->relocation_len > LAYOUT_MAX_SIZE)
        return too_large(e);
    l->relocation_at = (uint32_t)at;
    l->spec.binary_end = l->relocation_at + LENGTH_WORD + l->relocation_len;
    if (l->relocation_len != 0 && l->relocation_at % 4 != 0)
        notes_add(notes,
                  "the relocations start at 0x%x, no multiple of 4; align the "
                  "end of .data in the linker script",
                  l->relocation_at);
    return 0;
}

/* The entry point is a load address, on Arm with the Thumb bit. */
static int find_entry(struct layout *l, const struct elf_program *p,
                      struct err *e)
{
    for (size_t i = 0; i < l->binary.count; i++) {
        const struct binary_part *part = &l->binary.parts[i];
        const struct elf_segment *s = &part->segment;

        if (p->entry >= s->paddr && p->entry - s->paddr < s->file_size) {
            l->spec.init_offset = part->at + (uint32_t)(p->entry - s->paddr);
            return 0;
        }
    }
    err_set(e, ERR_INPUT, "the entry point 0x%08llx lies in no loaded section",
            (unsigned long long)p->entry);
    return err_hint(e, "name it in the linker script: ENTRY(_start)");
}

static uint32_t given_or(const struct cli_u32 *number, uint32_t otherwise)
{
    return number->given ? number->value : otherwise;
}

static int ram_too_large(struct err *e)
{
    return err_set(e, ERR_INPUT, "the app would need more than 4 GiB of RAM");
}

/* elf2tab forgets some RAM, and an option. */
static uint64_t compatible_data(const struct elf_program *p, uint64_t data,
                                struct notes *notes)
{
    uint64_t counted = binary_ram_moved(p);

    if (counted != data)
        notes_add(notes,
                  "with --elf2tab-compat %llu bytes of RAM are counted for the "
                  "app's data, which has %llu",
                  (unsigned long long)counted, (unsigned long long)data);
    return counted;
}

static bool wants_minimum(const struct cmdline *c, struct notes *notes)
{
    if (c->minimum_ram.given && c->compat)
        notes_add(notes,
                  "--minimum-ram-size has no effect with --elf2tab-compat");
    return c->minimum_ram.given && !c->compat;
}

static int set_minimum(struct layout *l, uint32_t minimum, struct err *e)
{
    if (minimum < l->ram_data)
        return err_set(e, ERR_USAGE,
                       "--minimum-ram-size %u is less than the %u bytes of "
                       "the app's data",
                       minimum, l->ram_data);
    l->spec.minimum_ram = minimum;
    return 0;
}

static int set_ram(struct layout *l, const struct elf_program *p,
                   const struct cmdline *c, struct notes *notes, struct err *e)
{
    const struct elf_section *stack = elf_section_find(p, ".stack");
    uint64_t stack_size = stack != NULL ? stack->size : DEFAULT_STACK;
    uint64_t data = binary_ram_size(p);

    if (c->compat)
        data = compatible_data(p, data, notes);
    if (c->stack.given)
        stack_size = c->stack.value;
    if (data > UINT32_MAX || stack_size > UINT32_MAX - 7)
        return ram_too_large(e);

    l->ram_data = (uint32_t)data;
    l->ram_stack = (uint32_t)align_up_u64(stack_size, 8);

    uint64_t app_heap = align_up_u64(given_or(&c->app_heap, DEFAULT_HEAP), 4);
    uint64_t kernel_heap =
        align_up_u64(given_or(&c->kernel_heap, DEFAULT_HEAP), 4);
    uint64_t sum = data + l->ram_stack + app_heap + kernel_heap;

    l->ram_app_heap = (uint32_t)app_heap;
    l->ram_kernel_heap = (uint32_t)kernel_heap;
    if (wants_minimum(c, notes))
        return set_minimum(l, c->minimum_ram.value, e);
    if (sum > UINT32_MAX)
        return ram_too_large(e);
    l->spec.minimum_ram = (uint32_t)sum;
    return 0;
}

/* Footers lie behind the binary; what they leave free becomes Reserved. */
static int set_total(struct layout *l, const struct elf_program *p,
                     const struct cmdline *c, struct err *e)
{
    uint64_t room = footers_room(l->footers, c->footer_size.value);
    uint64_t total = layout_padded(p->machine, l->spec.binary_end + room);
    if (total > LAYOUT_MAX_SIZE)
        return too_large(e);
    l->footer_room = (uint32_t)room;
    l->has_one_reserved = c->compat;
    l->spec.total_size = (uint32_t)total;
    return 0;
}

static int plan(const struct elf_program *p, const struct cmdline *c,
                struct layout *l, struct notes *notes, struct err *e)
{
    if (binary_find(p, c->compat ? BINARY_FILE_ORDER : BINARY_SORTED,
                    &l->binary, notes, e) != 0 ||
        check_sections(l, p, e) != 0)
        return -1;
    set_wishes(c, &l->spec);
    set_addresses(l);

    if (each_section(l, p, count_region, e) != 0)
        return -1;
    l->header_size = tbf_header_size(&l->spec);
    if (l->header_size == 0)
        return err_set(e, ERR_INPUT, "the header would be larger than %u bytes",
                       TBF_MAX_HEADER_SIZE);
    l->relocations = alloc_zeroed(p->section_count * l->binary.count,
                                  sizeof *l->relocations);
    if (set_protected_size(l, p, c, notes, e) != 0 ||
        each_section(l, p, add_relocation, e) != 0 ||
        place_binary(l, notes, e) != 0 || find_entry(l, p, e) != 0 ||
        set_ram(l, p, c, notes, e) != 0 || set_total(l, p, c, e) != 0)
        return -1;

    l->regions = alloc_zeroed(l->spec.region_count, sizeof *l->regions);
    l->spec.regions = l->regions;
    l->spec.region_count = 0;
    return each_section(l, p, set_region, e);
}

int layout_plan(const struct elf_program *program,
                const struct cmdline *cmdline, const struct footers *footers,
                struct layout *out, struct notes *notes, struct err *e)
{
    *out = (struct layout){.footers = footers};
    if (plan(program, cmdline, out, notes, e) != 0) {
        layout_free(out);
        return -1;
    }
    return 0;
}

void layout_free(struct layout *layout)
{
    binary_free(&layout->binary);
    free(layout->regions);
    free(layout->relocations);
    *layout = (struct layout){0};
}
