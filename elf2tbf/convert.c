/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "convert.h"

#include "attributes.h"
#include "host/alloc.h"
#include "lint.h"

#include <stdlib.h>
#include <string.h>

int convert_bytes(struct file_bytes file, const struct cmdline *cmdline,
                  const struct footers *footers, struct product *out,
                  struct notes *notes, struct err *e)
{
    *out = (struct product){.file = file};
    if (elf_program_open(file.bytes, file.len, &out->program, e) != 0 ||
        layout_plan(&out->program, cmdline, footers, &out->layout, notes, e) !=
            0 ||
        emit_object(&out->program, &out->layout, &out->object, e) != 0) {
        product_free(out);
        return -1;
    }
    lint_object(&out->program, cmdline, &out->layout, notes);
    return 0;
}

/* <architecture>, for a fixed app <architecture>.<flash>.<RAM>. */
static char *name_from_elf(const struct product *product, struct err *e)
{
    const struct tbf_spec *spec = &product->layout.spec;
    struct attributes_name found;

    if (!attributes_architecture(&product->program, &found)) {
        err_set(e, ERR_INPUT,
                "the file does not tell for which architecture it was built");
        err_hint(e, "name it: %s,cortex-m4", product->input->path);
        return NULL;
    }
    if (!spec->has_fixed_addresses || spec->fixed_flash == TBF_NOT_FIXED)
        return alloc_string(found.text, strlen(found.text));
    if (spec->fixed_ram == TBF_NOT_FIXED)
        return alloc_format("%s.0x%08x", found.text, spec->fixed_flash);
    return alloc_format("%s.0x%08x.0x%08x", found.text, spec->fixed_flash,
                        spec->fixed_ram);
}

static int set_name(struct product *product, struct err *e)
{
    const struct cmdline_input *input = product->input;

    product->name = input->asks_elf
                        ? name_from_elf(product, e)
                        : alloc_string(input->name, strlen(input->name));
    return product->name != NULL ? 0 : -1;
}

int convert(const struct cmdline *cmdline, const struct footers *footers,
            const struct cmdline_input *input, struct product *out,
            struct notes *notes, struct err *e)
{
    struct file_bytes file;

    *out = (struct product){0};
    if (file_read(input->path, CONVERT_MAX_ELF, &file, e) != 0)
        return -1;
    if (convert_bytes(file, cmdline, footers, out, notes, e) != 0)
        return err_while(e, "converting '%s'", input->path);
    out->input = input;
    if (set_name(out, e) != 0) {
        product_free(out);
        return err_while(e, "converting '%s'", input->path);
    }
    lint_name(&out->program, out->name, notes);
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    const struct product *x = *(const struct product *const *)a;
    const struct product *y = *(const struct product *const *)b;

    return strcmp(x->name, y->name);
}

int convert_check_names(const struct product *products, size_t count,
                        struct err *e)
{
    const struct product **sorted = alloc_zeroed(count, sizeof *sorted);
    int result = 0;

    for (size_t i = 0; i < count; i++)
        sorted[i] = &products[i];
    qsort(sorted, count, sizeof *sorted, compare_names);
    for (size_t i = 1; i < count && result == 0; i++) {
        const struct product *a = sorted[i - 1];
        const struct product *b = sorted[i];

        if (strcmp(a->name, b->name) != 0)
            continue;
        err_set(e, ERR_INPUT, "two objects would be named '%s': '%s' and '%s'",
                a->name, a->input->path, b->input->path);
        result =
            err_hint(e, "name them apart: %s,%s.2", b->input->path, b->name);
    }
    free(sorted);
    return result;
}

void product_free(struct product *product)
{
    free(product->name);
    free(product->object);
    layout_free(&product->layout);
    elf_program_free(&product->program);
    file_free(&product->file);
    *product = (struct product){0};
}
