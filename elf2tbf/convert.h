/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * One ELF file to one object.
 *
 * Ownership: a product owns the file's bytes, what was read from them and
 * the object; it borrows from the command line. product_free frees all.
 */

#include "emit.h"
#include "host/file.h"

/* Larger files are refused. */
#define CONVERT_MAX_ELF ((size_t)1 << 30)

struct product {
    const struct cmdline_input *input;
    char *name; /* of the member in the TAB, without ".tbf" */
    struct file_bytes file;
    struct elf_program program;
    struct layout layout;
    uint8_t *object; /* layout.spec.total_size bytes */
};

/* From bytes in memory; the product takes them over, also on failure. */
MUST_USE int convert_bytes(struct file_bytes file,
                           const struct cmdline *cmdline,
                           const struct footers *footers, struct product *out,
                           struct notes *notes, struct err *e);

MUST_USE int convert(const struct cmdline *cmdline,
                     const struct footers *footers,
                     const struct cmdline_input *input, struct product *out,
                     struct notes *notes, struct err *e);

/*
 * ERR_INPUT if two objects have one name, which only names that the ELF files
 * tell can have by now.
 */
MUST_USE int convert_check_names(const struct product *products, size_t count,
                                 struct err *e);

void product_free(struct product *product);
