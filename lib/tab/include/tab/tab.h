/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Tock Application Bundles: reading and writing .tab archives.
 *
 * A TAB is an uncompressed tar of metadata.toml and one TBF object per
 * target, named <architecture>.tbf or <architecture>.<anything>.tbf.
 * docs/tab.md is the specification.
 *
 * Ownership: struct tab owns all its memory until tab_free. Context: one
 * thread. Trust: a TAB that is read may come from an attacker. Sizes are
 * capped, names are checked (no folders, no control characters, no
 * duplicates), a truncated archive is an error and nothing of it is returned.
 * What the objects hold is not looked at: that is tbf_parse's part.
 */

#include "host/file.h"

#include <stddef.h>
#include <stdint.h>

#define TAB_MAX_SIZE    ((size_t)1 << 30) /* bytes of the whole archive    */
#define TAB_MAX_MEMBERS 4096u             /* entries of any kind           */
#define TAB_MAX_NAME    255u              /* bytes of a member's name      */

/* Strings are null where the metadata has no such key. */
struct tab_metadata {
    char *name;       /* package name, UTF-8                              */
    char *kernel;     /* minimum-tock-kernel-version, "major.minor"       */
    char *boards;     /* only-for-boards, comma separated                 */
    char *build_date; /* YYYY-MM-DDTHH:MM:SSZ                             */
};

struct tab_member {
    char *name; /* without ".tbf": "cortex-m4", "rv32imac.0x20040060.0x..." */
    size_t arch_len; /* the architecture: the name up to the first dot      */
    uint8_t *bytes;
    size_t len;
};

/* Something else in the archive, by its whole name. */
struct tab_other {
    char *name;
    uint8_t *bytes;
    size_t len;
};

struct tab {
    struct tab_metadata metadata;
    struct tab_member *members; /* in the order of the archive */
    size_t count;               /* at least 1                  */

    /* Kept so that a TAB with a changed object has all else that it had. */
    char *metadata_text; /* as it was read; null: made of metadata */
    size_t metadata_len;
    struct tab_other *others;
    size_t other_count;
};

/* ERR_INPUT if the file cannot be read or is no usable TAB. */
MUST_USE int tab_read(const char *path, struct tab *out, struct err *e);

/* The same from memory; what names it in messages. */
MUST_USE int tab_parse(const uint8_t *bytes, size_t len, const char *what,
                       struct tab *out, struct err *e);

void tab_free(struct tab *tab);

/*
 * To be called when metadata was changed: brings metadata_text up to date, so
 * that tab_build writes the new values and all else that stood there.
 */
void tab_renew_metadata(struct tab *tab);

/*
 * Is this member built for the architecture called arch, "cortex-m4"? RISC-V
 * has two spellings in use that mean the same: "rv32imac", "riscv32imac".
 */
bool tab_member_is_for(const struct tab_member *member, const char *arch);

/*
 * Makes an archive in memory, freed by the caller. The same input always
 * gives the same bytes. ERR_INPUT if a name is not allowed or there twice, or
 * for more members than can be read back.
 */
MUST_USE int tab_build(const struct tab *tab, uint8_t **bytes, size_t *len,
                       struct err *e);

/* The same in pieces, which refer to the bytes of tab's members and others. */
MUST_USE int tab_build_pieces(const struct tab *tab, struct file_pieces *out,
                              struct err *e);
