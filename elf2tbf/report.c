/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "report.h"

#include "host/text.h"
#include "host/ui.h"
#include "tbf/text.h"

#include <string.h>

/* Names come from files and from users: text_put makes them harmless. */
static void put_name(const char *name, size_t width, FILE *to)
{
    text_put(to, name, strlen(name), width);
}

/* Columns of the longest name, for the first column. */
static size_t name_width(const struct cmdline *c,
                         const struct product *products)
{
    size_t width = 0;

    for (size_t i = 0; i < c->input_count; i++) {
        const char *name = products[i].name;
        size_t columns = text_columns(name, strlen(name));

        if (columns > width)
            width = columns;
    }
    return width;
}

static void print_addresses(const struct tbf_spec *spec, FILE *to)
{
    if (!spec->has_fixed_addresses)
        fprintf(to, "position independent");
    if (spec->has_fixed_addresses && spec->fixed_flash != TBF_NOT_FIXED)
        fprintf(to, "flash at 0x%08x%s", spec->fixed_flash,
                spec->fixed_ram != TBF_NOT_FIXED ? ", " : "");
    if (spec->has_fixed_addresses && spec->fixed_ram != TBF_NOT_FIXED)
        fprintf(to, "RAM at 0x%08x", spec->fixed_ram);
    putc('\n', to);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void print_counts(size_t images, const struct footers *footers, FILE *to)
{
    fprintf(to, "%zu image%s", images, plural(images));
    if (footers->count != 0)
        fprintf(to, ", %zu credential%s%s", footers->count,
                plural(footers->count), images == 1 ? "" : " each");
    putc('\n', to);
}

void report_summary(const struct cmdline *c, const struct product *products,
                    FILE *to)
{
    size_t width = name_width(c, products);

    put_name(c->output, 0, to);
    fputs("  ", to);
    print_counts(c->input_count, products[0].layout.footers, to);
    for (size_t i = 0; i < c->input_count; i++) {
        const struct tbf_spec *spec = &products[i].layout.spec;

        fputs("  ", to);
        put_name(products[i].name, width, to);
        fprintf(to, "  flash %s of %s  RAM %s  ",
                ui_size(spec->binary_end).text, ui_size(spec->total_size).text,
                ui_size(spec->minimum_ram).text);
        print_addresses(spec, to);
    }
    fputs("install it: tockloader-c install ", to);
    put_name(c->output, 0, to);
    putc('\n', to);
}

static void print_row(uint32_t at, uint32_t size, const char *what, FILE *to)
{
    if (size != 0)
        fprintf(to, "  0x%06x %8u  %s", at, size, what);
}

static void print_sections(const struct elf_program *p,
                           const struct binary_part *part, FILE *to)
{
    for (size_t i = 0; i < p->section_count; i++) {
        const struct elf_section *s = &p->sections[i];

        if (s->size == 0 || s->is_empty || !elf_segment_has(&part->segment, s))
            continue;
        print_row(part->at + (uint32_t)(s->offset - part->segment.offset),
                  (uint32_t)s->size, "section", to);
        putc(' ', to);
        put_name(s->name, 0, to);
        fprintf(to, ", linked for 0x%08llx\n", (unsigned long long)s->addr);
    }
}

static void print_binary(const struct product *product, FILE *to)
{
    const struct binary *b = &product->layout.binary;

    for (size_t i = 0; i < b->count; i++) {
        const struct binary_part *part = &b->parts[i];

        if (part->gap != 0) {
            print_row(part->at - part->gap, part->gap, "zeros", to);
            fprintf(to, ": the next part is loaded at 0x%08x\n",
                    part->segment.paddr);
        }
        print_sections(&product->program, part, to);
    }
}

static void print_relocations(const struct layout *l, FILE *to)
{
    print_row(l->relocation_at, 4, "length of the relocations\n", to);
    for (size_t i = 0, at = l->relocation_at + 4; i < l->relocation_count;
         at += l->relocations[i++].len) {
        print_row((uint32_t)at, l->relocations[i].len, "relocations", to);
        putc(' ', to);
        put_name(l->relocations[i].section->name, 0, to);
        putc('\n', to);
    }
}

static void print_footers(const struct product *product, FILE *to)
{
    const struct layout *l = &product->layout;
    uint32_t end = l->spec.binary_end;
    uint32_t asked_end = end + l->footer_room;

    for (size_t i = 0; i < l->footers->count; i++) {
        const struct footers_credential *c = &l->footers->list[i];

        print_row(end, tbf_footer_size(c->len), "credential", to);
        fprintf(to, " %s\n", tbf_credential_text(c->format));
        end += tbf_footer_size(c->len);
    }
    print_row(end, asked_end - end, "room for credentials, as asked for\n", to);
    end = asked_end;
    if (l->spec.total_size == end)
        return;
    print_row(end, l->spec.total_size - end, "padding", to);
    fprintf(to, " to %u: %s\n", l->spec.total_size,
            layout_padding_reason(product->program.machine));
}

void report_object(const struct product *product, FILE *to)
{
    const struct layout *l = &product->layout;
    const struct tbf_spec *spec = &l->spec;

    put_name(product->input->tbf_path, 0, to);
    fputs("\n  offset       size  what\n", to);
    print_row(0, l->header_size, "header\n", to);
    print_row(l->header_size, spec->protected_size - l->header_size,
              "protected trailer, up to the app binary\n", to);
    print_binary(product, to);
    print_relocations(l, to);
    print_footers(product, to);
    fprintf(to, "  entry point 0x%x", spec->init_offset);
    if (spec->has_kernel_version)
        fprintf(to, ", kernel %u.%u or later", spec->kernel_major,
                spec->kernel_minor);
    fprintf(to, "\n  RAM %u: data %u, stack %u, app heap %u, kernel heap %u\n",
            spec->minimum_ram, l->ram_data, l->ram_stack, l->ram_app_heap,
            l->ram_kernel_heap);
}
