/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The command line of elf2tbf, checked as far as it can be without reading a
 * file.
 *
 * Ownership: strings point into argv; the rest belongs to struct cmdline
 * until cmdline_free.
 */

#include "host/cli.h"
#include "tbf/build.h"

/* One ELF file and where its object goes. */
struct cmdline_input {
    char *path;
    char *name;     /* of the member in the TAB, without ".tbf"     */
    char *tbf_path; /* the path with its last extension replaced    */
    bool has_given_name;
    bool asks_elf; /* the ELF file shall tell the name instead      */
};

struct cmdline {
    /* As given; filled by the option table. */
    bool help;
    bool version;
    bool verbose;
    bool deterministic;
    bool disable;
    bool strict;
    bool compat; /* elf2tab's bytes also where ours are better */
    bool sha256;
    bool sha384;
    bool sha512;
    const char *rsa4096; /* files with private keys           */
    const char *ecdsa_p256;
    const char *sign_command; /* signs in place of a private key   */
    const char *public_key;   /* file with the key it signs with   */
    const char *output;
    const char *name;
    const char *boards;
    struct cli_u32 app_version;
    struct cli_u32 stack;
    struct cli_u32 app_heap;
    struct cli_u32 kernel_heap;
    struct cli_u32 minimum_ram;
    struct cli_u32 kernel_major;
    struct cli_u32 kernel_minor;
    struct cli_u32 short_id;
    struct cli_u32 protected_size;
    struct cli_u32 footer_size;
    struct cli_u32 write_id;
    struct cli_list read_words;
    struct cli_list modify_words;
    struct cli_list permission_words;

    /* Made from the words. */
    struct cmdline_input *inputs;
    size_t input_count;
    struct tbf_permission_spec *permissions;
    uint32_t permission_count;
    uint32_t *read_ids;
    uint32_t *modify_ids;
};

/* For the help text and the tests that compare it with the manual. */
extern const struct cli_option cmdline_options[];
extern const size_t cmdline_option_count;

/*
 * With help or version set nothing else was looked at. ERR_USAGE for
 * anything that elf2tbf does not understand or cannot do. Free in any case.
 */
MUST_USE int cmdline_parse(int argc, char *const *argv, struct cmdline *out,
                           struct err *e);
void cmdline_free(struct cmdline *cmdline);

void cmdline_print_help(FILE *to);
