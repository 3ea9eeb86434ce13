/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * elf2tbf on any file: reading, layout and emission in memory.
 *
 * Whatever comes out must be an object that the kernel's parser accepts, of
 * the size the layout says, with footers that end where it ends. The last
 * byte of the input chooses the options.
 */
#include "elf2tbf/attributes.h"
#include "elf2tbf/convert.h"
#include "elf2tbf/lint.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static struct cmdline options(uint8_t choice)
{
    struct cmdline c = {0};

    if (choice & 1)
        c.name = "fuzz";
    c.footer_size = (struct cli_u32){(choice & 2) != 0, choice & 2 ? 70000 : 0};
    c.protected_size =
        (struct cli_u32){(choice & 4) != 0, choice & 4 ? 512 : 0};
    c.kernel_major = (struct cli_u32){(choice & 8) != 0, choice & 8 ? 2 : 0};
    c.minimum_ram =
        (struct cli_u32){(choice & 16) != 0, choice & 16 ? 65536 : 0};
    c.compat = (choice & 64) != 0;
    return c;
}

/* Digests need no key. */
static struct footers digests(uint8_t choice)
{
    struct footers none = {0};
    struct footers two = {
        .list = {{TBF_CREDENTIAL_SHA256, 32, NULL},
                 {TBF_CREDENTIAL_SHA512, 64, NULL}},
        .count = 2,
    };

    return choice & 32 ? two : none;
}

static void check(const struct product *product)
{
    const struct tbf_spec *spec = &product->layout.spec;
    struct tbf_header h;
    struct tbf_footer footer;

    must(tbf_parse(product->object, spec->total_size, &h) == TBF_OK);
    must(h.total_size == spec->total_size);
    must(h.init_offset >= h.protected_size && h.init_offset < h.binary_end);

    struct tbf_footers walk = tbf_footers_start(&h, product->object);
    uint32_t end = h.binary_end;
    while (tbf_footers_next(&walk, &footer))
        end = footer.offset + tbf_footer_size(footer.len);
    must(h.total_size - end < tbf_footer_size(0) ||
         product->layout.has_one_reserved);
}

/* The name that the file tells is one that boards may give themselves. */
static void check_name(const struct product *product, struct notes *notes)
{
    struct attributes_name name;

    lint_name(&product->program, "app", notes);
    if (attributes_architecture(&product->program, &name))
        must(attributes_is_architecture(name.text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct file_bytes file = {malloc(size != 0 ? size : 1), size};
    uint8_t choice = size != 0 ? data[size - 1] : 0;
    struct cmdline c = options(choice);
    struct footers footers = digests(choice);
    struct product product;
    struct notes notes = {0};
    struct err e = {0};

    if (size != 0)
        memcpy(file.bytes, data, size);
    if (convert_bytes(file, &c, &footers, &product, &notes, &e) == 0) {
        check(&product);
        check_name(&product, &notes);
        product_free(&product);
    } else {
        must(e.kind == ERR_INPUT || e.kind == ERR_USAGE);
    }
    notes_free(&notes);
    return 0;
}
