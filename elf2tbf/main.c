/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * elf2tbf: linked apps in, Tock application bundle out.
 *
 *   cmdline.c   what the user wants
 *   elf.c       what the ELF file says (libelf)
 *   segments.c  which parts of it make up the app, linked for which address
 *   layout.c    where everything goes in the object
 *   footers.c   the credentials that each object gets, and their keys
 *   emit.c      the object's bytes, checked with the kernel's parser
 *   lint.c      what is right but will surprise (architecture: attributes.c)
 *   convert.c   these for one file
 *   outputs.c   the objects and the TAB on disk, all or nothing
 *   report.c    what was done, for the user
 *
 * Commands for objects that exist already (inspect, sign ...) are found by
 * subcommand.c.
 */

#include "host/alloc.h"
#include "host/interrupt.h"
#include "host/ui.h"
#include "outputs.h"
#include "report.h"
#include "subcommand.h"

#include <stdlib.h>

static int convert_all(const struct cmdline *c, const struct footers *footers,
                       struct product *products, struct notes *notes,
                       struct err *e)
{
    for (size_t i = 0; i < c->input_count; i++) {
        struct notes own = {0};
        int result = convert(c, footers, &c->inputs[i], &products[i], &own, e);

        for (size_t k = 0; k < own.count; k++)
            notes_add(notes, "%s: %s", c->inputs[i].path, own.lines[k]);
        notes_free(&own);
        if (result != 0)
            return -1;
    }
    if (convert_check_names(products, c->input_count, e) != 0)
        return -1;
    if (c->strict && notes->count != 0)
        return err_set(e, ERR_INPUT, "%zu %s, and '--strict' is given",
                       notes->count,
                       notes->count == 1 ? "warning" : "warnings");
    return outputs_write(c, products, e);
}

/* Reports only now: whoever closes the pipe early still has the files. */
static void report(const struct cmdline *c, const struct product *products)
{
    for (size_t i = 0; c->verbose && i < c->input_count; i++)
        report_object(&products[i], stdout);
    report_summary(c, products, stdout);
}

static int run(const struct cmdline *c, struct err *e)
{
    if (outputs_check(c, e) != 0)
        return -1;

    struct notes notes = {0};
    struct footers footers;
    struct product *products = alloc_zeroed(c->input_count, sizeof *products);
    int result = footers_open(c, &footers, &notes, e);

    if (result == 0)
        result = convert_all(c, &footers, products, &notes, e);

    notes_print(&notes, stderr, ui_colour(stderr, UI_COLOUR_AUTO));
    if (result == 0)
        report(c, products);
    for (size_t i = 0; i < c->input_count; i++)
        product_free(&products[i]);
    free(products);
    footers_close(&footers);
    notes_free(&notes);
    return result;
}

static int convert_elfs(int argc, char **argv, struct err *e)
{
    struct cmdline cmdline = {0};
    int result = cmdline_parse(argc, argv, &cmdline, e);

    if (result == 0 && cmdline.help)
        cmdline_print_help(stdout);
    else if (result == 0 && cmdline.version)
        puts("elf2tbf " PROJECT_VERSION);
    else if (result == 0)
        result = run(&cmdline, e);
    if (result == 0 && (cmdline.help || cmdline.version))
        result = subcommand_flush(e);
    cmdline_free(&cmdline);
    return result;
}

int main(int argc, char **argv)
{
    const struct subcommand *command =
        argc > 1 ? subcommand_find(argv[1]) : NULL;
    struct err e = {0};

    interrupt_catch();
    int result = command != NULL
                     ? subcommand_run(command, argv + 2, (size_t)argc - 2, &e)
                     : convert_elfs(argc, argv, &e);
    if (result != 0)
        err_print(&e, stderr, ui_colour(stderr, UI_COLOUR_AUTO));
    return (int)e.kind;
}
