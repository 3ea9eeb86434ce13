/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "cmdline.h"

#include "host/alloc.h"
#include "host/utf8.h"
#include "subcommand.h"

#include <stdlib.h>
#include <string.h>

/* Names and letters are those of elf2tab; so are the underscores. */
#define FIELD(f) offsetof(struct cmdline, f)
const struct cli_option cmdline_options[] = {
    {"output-file", 'o', CLI_STRING, FIELD(output), "FILE",
     "the TAB to write [TockApp.tab]", 0},
    {"package-name", 'n', CLI_STRING, FIELD(name), "NAME",
     "name of the app [none]", 0},
    {"stack", 0, CLI_DECIMAL, FIELD(stack), "N", NULL, 0},
    {"app-heap", 0, CLI_DECIMAL, FIELD(app_heap), "N", NULL, 0},
    {"kernel-heap", 0, CLI_DECIMAL, FIELD(kernel_heap), "N",
     "RAM [.stack or 2048, 1024, 1024]", 0},
    {"minimum-ram-size", 0, CLI_DECIMAL, FIELD(minimum_ram), "N",
     "RAM in all [the sum]", 0},
    {"kernel-major", 0, CLI_DECIMAL, FIELD(kernel_major), "N", NULL,
     UINT16_MAX},
    {"kernel-minor", 0, CLI_DECIMAL, FIELD(kernel_minor), "N",
     "oldest kernel it runs on [none, 0]", UINT16_MAX},
    {"app-version", 0, CLI_DECIMAL, FIELD(app_version), "N", NULL, 0},
    {"short-id", 0, CLI_NUMBER, FIELD(short_id), "ID",
     "version [0], fixed short id [none]", 0},
    {"disable", 0, CLI_FLAG, FIELD(disable), NULL, "installed, but not started",
     0},
    {"minimum-footer-size", 0, CLI_DECIMAL, FIELD(footer_size), "N",
     "room for credentials, bytes [0]", 0},
    {"sha256", 0, CLI_FLAG, FIELD(sha256), NULL, NULL, 0},
    {"sha384", 0, CLI_FLAG, FIELD(sha384), NULL, NULL, 0},
    {"sha512", 0, CLI_FLAG, FIELD(sha512), NULL, "add digests", 0},
    {"rsa4096-private", 0, CLI_STRING, FIELD(rsa4096), "KEY", NULL, 0},
    {"ecdsa-nist-p256-private", 0, CLI_STRING, FIELD(ecdsa_p256), "KEY",
     "add signatures", 0},
    {"sign-cmd", 0, CLI_STRING, FIELD(sign_command), "COMMAND", NULL, 0},
    {"public-key", 0, CLI_STRING, FIELD(public_key), "KEY",
     "let a command sign", 0},
    {"protected-region-size", 0, CLI_DECIMAL, FIELD(protected_size), "N",
     "bytes before the app binary [fitting]", 0},
    {"permissions", 0, CLI_LIST, FIELD(permission_words), "DRIVER,COMMAND",
     "permitted commands [all]", 0},
    {"write_id", 0, CLI_NUMBER, FIELD(write_id), "ID", NULL, 0},
    {"read_ids", 0, CLI_LIST, FIELD(read_words), "ID", NULL, 0},
    {"access_ids", 0, CLI_LIST, FIELD(modify_words), "ID",
     "storage rights [none]", 0},
    {"supported-boards", 0, CLI_STRING, FIELD(boards), "B,...",
     "only for these boards [all]", 0},
    {"deterministic", 0, CLI_FLAG, FIELD(deterministic), NULL,
     "no build date in the TAB", 0},
    {"strict", 0, CLI_FLAG, FIELD(strict), NULL, "warnings are errors", 0},
    {"elf2tab-compat", 0, CLI_FLAG, FIELD(compat), NULL,
     "elf2tab's bytes where they do no harm", 0},
    {"verbose", 'v', CLI_FLAG, FIELD(verbose), NULL,
     "tell what every byte is for", 0},
    {"help", 'h', CLI_STOP, FIELD(help), NULL, NULL, 0},
    {"version", 'V', CLI_STOP, FIELD(version), NULL, "this text; the version",
     0},
};
#undef FIELD
const size_t cmdline_option_count = ARRAY_COUNT(cmdline_options);

void cmdline_print_help(FILE *to)
{
    fputs("Usage: elf2tbf [OPTION]... ELF[,ARCHITECTURE]...\n"
          "Makes a TAB of linked Tock apps, for example\n"
          "  elf2tbf -n blink -o blink.tab --kernel-major 2 cortex-m4.elf\n",
          to);
    cli_print_options(cmdline_options, cmdline_option_count, to);
    fputs("Also:", to);
    for (size_t i = 0; subcommands[i] != NULL; i++)
        fprintf(to, " %s", subcommands[i]->name);
    fputs(" (each with --help)\n", to);
}

static int usage(struct err *e)
{
    return err_hint(e, "`elf2tbf --help` lists the options");
}

/* Where the last extension of a path starts, or its end. */
static size_t stem_len(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(base, '.');

    return dot != NULL && dot != base ? (size_t)(dot - path) : strlen(path);
}

/* path or path,architecture: split at the last comma. */
static int add_input(struct cmdline *c, const char *word, struct err *e)
{
    const char *comma = strrchr(word, ',');
    size_t path_len = comma != NULL ? (size_t)(comma - word) : strlen(word);
    struct cmdline_input *in = &c->inputs[c->input_count++];

    in->path = alloc_string(word, path_len);
    size_t stem = stem_len(in->path);
    const char *slash = strrchr(in->path, '/');
    size_t base = slash != NULL ? (size_t)(slash + 1 - in->path) : 0;

    in->tbf_path = alloc_format("%.*s.tbf", (int)stem, in->path);
    in->name = comma != NULL ? alloc_string(comma + 1, strlen(comma + 1))
                             : alloc_string(in->path + base, stem - base);
    in->asks_elf = comma != NULL && strcmp(in->name, "auto") == 0;
    in->has_given_name = comma != NULL && !in->asks_elf;
    if (in->path[base] == '\0' || in->name[0] == '\0')
        return err_set(e, ERR_USAGE,
                       "'%s' is not of the form PATH or PATH,ARCHITECTURE",
                       word);
    if (strchr(in->name, '/') != NULL)
        return err_set(e, ERR_USAGE, "architecture '%s' may not contain a '/'",
                       in->name);
    return 0;
}

/* By name, equal names in the order of the command line. */
static int compare_inputs(const void *a, const void *b)
{
    const struct cmdline_input *x = *(struct cmdline_input *const *)a;
    const struct cmdline_input *y = *(struct cmdline_input *const *)b;
    int order = strcmp(x->name, y->name);

    return order != 0 ? order : (x > y) - (x < y);
}

/* Files of one name in several folders: what is in them tells them apart. */
static int tell_apart(struct cmdline_input *a, struct cmdline_input *b,
                      struct err *e)
{
    if (strcmp(a->name, b->name) != 0)
        return 0;
    if (!a->has_given_name && !b->has_given_name) {
        a->asks_elf = true;
        b->asks_elf = true;
        return 0;
    }
    err_set(e, ERR_USAGE,
            "two inputs have the architecture '%s': '%s' and '%s'", a->name,
            a->path, b->path);
    return err_hint(e, "name them apart: %s,%s.2", b->path, b->name);
}

static int check_names(const struct cmdline *c, struct err *e)
{
    struct cmdline_input **sorted =
        alloc_zeroed(c->input_count, sizeof *sorted);
    int result = 0;

    for (size_t i = 0; i < c->input_count; i++)
        sorted[i] = &c->inputs[i];
    qsort(sorted, c->input_count, sizeof *sorted, compare_inputs);
    for (size_t i = 1; i < c->input_count && result == 0; i++)
        result = tell_apart(sorted[i - 1], sorted[i], e);
    free(sorted);
    return result;
}

static int add_inputs(struct cmdline *c, const struct cli_list *words,
                      struct err *e)
{
    if (words->count == 0) {
        err_set(e, ERR_USAGE, "no ELF file given");
        return usage(e);
    }
    c->inputs = alloc_zeroed(words->count, sizeof *c->inputs);
    for (size_t i = 0; i < words->count; i++)
        if (add_input(c, words->words[i], e) != 0)
            return -1;
    return check_names(c, e);
}

/* Such options take all words that follow, also what was meant as a file. */
static int bad_word(const char *word, const char *option, const char *expected,
                    struct err *e)
{
    err_set(e, ERR_USAGE, "'%s' is no value for '--%s': expected %s", word,
            option, expected);
    return err_hint(e, "ELF files stand before '--%s' or behind '--'", option);
}

/* Adds the bit of one command to the record of its block of 64. */
static void add_permission(struct cmdline *c, uint32_t driver, uint32_t command)
{
    struct tbf_permission_spec *record = c->permissions;
    struct tbf_permission_spec *end = record + c->permission_count;

    while (record != end &&
           (record->driver != driver || record->offset != command / 64))
        record++;
    if (record == end) {
        *record = (struct tbf_permission_spec){driver, command / 64, 0};
        c->permission_count++;
    }
    record->mask |= (uint64_t)1 << command % 64;
}

static int add_permissions(struct cmdline *c, struct err *e)
{
    const struct cli_list *words = &c->permission_words;

    c->permissions = alloc_zeroed(words->count, sizeof *c->permissions);
    for (size_t i = 0; i < words->count; i++) {
        const char *comma = strchr(words->words[i], ',');
        uint32_t driver, command;
        char *text = alloc_string(words->words[i], strlen(words->words[i]));
        bool good = comma != NULL;

        if (good) {
            text[comma - words->words[i]] = '\0';
            good = cli_number(text, false, &driver) &&
                   cli_number(comma + 1, false, &command);
        }
        free(text);
        if (!good)
            return bad_word(words->words[i], "permissions",
                            "DRIVER,COMMAND in decimal", e);
        add_permission(c, driver, command);
    }
    return 0;
}

static int read_ids(const struct cli_list *words, const char *option,
                    uint32_t **out, struct err *e)
{
    *out = alloc_zeroed(words->count, sizeof **out);
    for (size_t i = 0; i < words->count; i++)
        if (!cli_number(words->words[i], true, &(*out)[i]))
            return bad_word(words->words[i], option,
                            "a number (decimal or 0x hex)", e);
    return 0;
}

static int conflict(const char *option, struct err *e)
{
    return err_set(e, ERR_USAGE,
                   "'--minimum-ram-size' cannot be used with '%s'", option);
}

static int check_numbers(const struct cmdline *c, struct err *e)
{
    if (c->kernel_minor.given && !c->kernel_major.given)
        return err_set(e, ERR_USAGE, "'--kernel-minor' needs '--kernel-major'");
    if (!c->minimum_ram.given)
        return 0;
    if (c->stack.given)
        return conflict("--stack", e);
    if (c->app_heap.given)
        return conflict("--app-heap", e);
    return c->kernel_heap.given ? conflict("--kernel-heap", e) : 0;
}

/* An empty name counts as none; in the header it is UTF-8 by definition. */
static int check_name(struct cmdline *c, struct err *e)
{
    if (c->name == NULL || c->name[0] == '\0') {
        c->name = NULL;
        return 0;
    }
    if (!utf8_is_valid(c->name, strlen(c->name)))
        return err_set(e, ERR_USAGE, "the package name is not UTF-8");
    if (strlen(c->name) > TBF_MAX_HEADER_SIZE)
        return err_set(e, ERR_USAGE, "the package name is too long");
    return 0;
}

static int check_signing(const struct cmdline *c, struct err *e)
{
    if (c->sign_command != NULL && c->public_key == NULL)
        return err_set(e, ERR_USAGE, "'--sign-cmd' needs '--public-key'");
    if (c->public_key != NULL && c->sign_command == NULL)
        return err_set(e, ERR_USAGE, "'--public-key' needs '--sign-cmd'");
    return 0;
}

static int check(struct cmdline *c, const struct cli_list *operands,
                 struct err *e)
{
    if (c->output == NULL)
        c->output = "TockApp.tab";
    if (check_signing(c, e) != 0 || check_numbers(c, e) != 0 ||
        check_name(c, e) != 0 || add_permissions(c, e) != 0 ||
        read_ids(&c->read_words, "read_ids", &c->read_ids, e) != 0 ||
        read_ids(&c->modify_words, "access_ids", &c->modify_ids, e) != 0 ||
        add_inputs(c, operands, e) != 0)
        return -1;
    if (c->boards != NULL && !utf8_is_valid(c->boards, strlen(c->boards)))
        return err_set(e, ERR_USAGE, "the list of boards is not UTF-8");
    return 0;
}

int cmdline_parse(int argc, char *const *argv, struct cmdline *out,
                  struct err *e)
{
    const struct cli_table table = {cmdline_options, cmdline_option_count, out};
    const struct cli cli = {"elf2tbf", &table, 1};
    struct cli_list operands = {0};
    size_t count = argc > 1 ? (size_t)argc - 1 : 0;

    *out = (struct cmdline){0};
    int result = cli_parse(&cli, argv + 1, count, &operands, e);
    if (result == 0 && !out->help && !out->version)
        result = check(out, &operands, e);
    cli_list_free(&operands);
    return result;
}

void cmdline_free(struct cmdline *c)
{
    for (size_t i = 0; i < c->input_count; i++) {
        free(c->inputs[i].path);
        free(c->inputs[i].name);
        free(c->inputs[i].tbf_path);
    }
    free(c->inputs);
    free(c->permissions);
    free(c->read_ids);
    free(c->modify_ids);
    cli_list_free(&c->read_words);
    cli_list_free(&c->modify_words);
    cli_list_free(&c->permission_words);
    *c = (struct cmdline){0};
}
