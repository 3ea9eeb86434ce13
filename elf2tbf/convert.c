/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "convert.h"

#include <stdlib.h>

int convert_bytes(struct file_bytes file, const struct cmdline *cmdline,
                  struct product *out, struct notes *notes, struct err *e)
{
    *out = (struct product){.file = file};
    if (elf_program_open(file.bytes, file.len, &out->program, e) != 0 ||
        layout_plan(&out->program, cmdline, &out->layout, notes, e) != 0 ||
        emit_object(&out->program, &out->layout, &out->object, e) != 0) {
        product_free(out);
        return -1;
    }
    return 0;
}

int convert(const struct cmdline *cmdline, const struct cmdline_input *input,
            struct product *out, struct notes *notes, struct err *e)
{
    struct file_bytes file;

    *out = (struct product){0};
    if (file_read(input->path, CONVERT_MAX_ELF, &file, e) != 0)
        return -1;
    if (convert_bytes(file, cmdline, out, notes, e) != 0)
        return err_while(e, "converting '%s'", input->path);
    out->input = input;
    return 0;
}

void product_free(struct product *product)
{
    free(product->object);
    layout_free(&product->layout);
    elf_program_free(&product->program);
    file_free(&product->file);
    *product = (struct product){0};
}
