/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Every row of tests/golden/tbf-parse/rows.tsv: lib/tbf gives the recorded
 * answer, or the better one in the table below.
 */
#include "tbf/tbf.h"

#include "base/attr.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS      "tests/golden/tbf-parse/rows.tsv"
#define ROW_COUNT 119

struct better {
    const char *id;
    const char *answer;
};

/* The reason stands above each group; docs/tbf.md §7 has the rules. */
static const struct better better[] = {
    /* total_size below 16 or no multiple of 4: what follows cannot be found
     * reliably, nor the object be mapped exactly. Ends the list, reported. */
    {"total0", "bad total"},
    {"total-lt-hs", "bad total"},
    {"total-gt-flash", "bad total"},
    {"name-unpadded", "bad total"},
    {"tlv-hdr-cut", "bad total"},
    {"foot-odd-sha256", "bad total"},
    {"foot-sha256-short", "bad total"},
    {"foot-odd-two", "bad total"},
    {"foot-len3", "bad total"},
    {"foot-tail1", "bad total"},
    {"foot-tail3", "bad total"},
    {"foot-odd-res-then-sha", "bad total"},

    /* header_size no multiple of 4: refused either way, here by its name. */
    {"hs17", "bad head"},
    {"hs18-trail", "bad head"},
    {"hs-not4", "bad head"},

    /* Entries, but none that says where the program is: it would start at
     * its own header with no RAM. */
    {"no-main-no-prog", "no program"},

    /* Entry point in the protected region, or behind the binary. */
    {"good-prog", "bad entry point"},
    {"both", "bad entry point"},
    {"total-eq-hs", "bad entry point"},

    /* Writeable region over the header, or past the binary's end: the kernel
     * would hand it to the app. */
    {"wfr1", "bad region"},
    {"wfr-two-in-one", "bad region"},
    {"wfr-two-tlvs", "bad region"},
    {"wfr6", "bad region"},

    /* Fewer records than the count says: must not mean "all is allowed". */
    {"perm-count-high", "bad permissions"},
    {"perm-empty", "bad permissions"},
    {"perm-1byte", "bad permissions"},

    /* Storage entry cut short or with more than 8 ids of a kind: no storage
     * permission at all, not even that to write. */
    {"store-r9", "app ram=4096 protected=84 init=85 end=144 version=0"},
    {"store-m9", "app ram=4096 protected=84 init=85 end=144 version=0"},
    {"store-short", "app ram=4096 protected=48 init=49 end=108 version=0"},
    {"store-nomodify", "app ram=4096 protected=44 init=45 end=104 version=0"},

    /* Binary that ends behind the object or inside the protected region. */
    {"be-past", "bad binary end"},
    {"be-inside-header", "bad protected"},
    {"be-zero", "bad protected"},

    /* Footer formats that kernels do not know: tools show them, and they do
     * not hide those behind them. */
    {"foot-hmac7",
     "app ram=100 protected=40 init=41 end=100 version=0 footers=7/36"},
    {"foot-rsa2048",
     "app ram=100 protected=40 init=41 end=100 version=0 footers=10/260"},
    {"foot-clear",
     "app ram=100 protected=40 init=41 end=100 version=0 footers=241/12"},
    {"foot-unknown-then-sha",
     "app ram=100 protected=40 init=41 end=100 version=0 footers=99/12,3/36"},
    {"foot-sha-then-unknown",
     "app ram=100 protected=40 init=41 end=100 version=0 footers=3/36,99/12"},
};

struct text {
    char chars[1024];
    size_t len;
};

static void PRINTF_LIKE(2, 3) add(struct text *t, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    t->len += (size_t)vsnprintf(t->chars + t->len, sizeof(t->chars) - t->len,
                                fmt, args);
    va_end(args);
    cr_assert(lt(sz, t->len, sizeof(t->chars)));
}

static void add_regions(struct text *t, const struct tbf_header *h)
{
    uint32_t offset;
    uint32_t size;

    for (uint32_t i = 0; tbf_region(h, i, &offset, &size); i++)
        add(t, "%s%u+%u", i == 0 ? " regions=" : ",", offset, size);
}

static void add_ids(struct text *t, const uint32_t *ids, uint16_t count)
{
    add(t, "/");
    for (uint32_t i = 0; i < count; i++)
        add(t, "%s%u", i == 0 ? "" : ",", ids[i]);
}

static void add_storage(struct text *t, const struct tbf_header *h)
{
    struct tbf_storage storage;

    if (!tbf_storage(h, &storage))
        return;
    add(t, " storage=%u", storage.write_id);
    add_ids(t, storage.read_ids, storage.read_count);
    add_ids(t, storage.modify_ids, storage.modify_count);
}

static void add_permissions(struct text *t, const struct tbf_header *h)
{
    static const uint32_t asked[][2] = {
        {1, 0}, {1, 1}, {2, 0}, {5, 1}, {77, 0}};

    if (h->permissions == NULL)
        return;
    for (size_t i = 0; i < ARRAY_COUNT(asked); i++) {
        uint64_t mask;

        add(t, "%s", i == 0 ? " permissions=" : ",");
        switch (tbf_permission(h, asked[i][0], asked[i][1], &mask)) {
        case TBF_PERMISSION_NONE:
            add(t, "none");
            break;
        case TBF_PERMISSION_UNKNOWN:
            add(t, "unknown");
            break;
        case TBF_PERMISSION_LISTED:
            add(t, "0x%llx", (unsigned long long)mask);
            break;
        }
    }
}

static void add_footers(struct text *t, const struct tbf_header *h,
                        const uint8_t *bytes)
{
    struct tbf_footers walk = tbf_footers_start(h, bytes);
    struct tbf_footer footer;

    for (uint32_t i = 0; tbf_footers_next(&walk, &footer); i++)
        add(t, "%s%u/%u", i == 0 ? " footers=" : ",", footer.format,
            footer.len + 4);
}

static void add_app(struct text *t, const struct tbf_header *h,
                    const uint8_t *bytes)
{
    add(t, "app%s", (h->flags & TBF_FLAG_ENABLED) != 0 ? "" : " disabled");
    add(t, " ram=%u protected=%u init=%u end=%u version=%u", h->minimum_ram,
        h->protected_size, h->init_offset, h->binary_end, h->version);
    for (uint32_t i = 0; i < h->name_len; i++)
        add(t, "%s%02x", i == 0 ? " name=" : "", (uint8_t)h->name[i]);
    add_regions(t, h);
    if (h->fixed_ram != TBF_NOT_FIXED)
        add(t, " fixed_ram=%u", h->fixed_ram);
    if (h->fixed_flash != TBF_NOT_FIXED)
        add(t, " fixed_flash=%u", h->fixed_flash);
    if (h->has_kernel_version)
        add(t, " kernel=%u.%u", h->kernel_major, h->kernel_minor);
    if (h->short_id != 0)
        add(t, " short_id=%u", h->short_id);
    add_storage(t, h);
    add_permissions(t, h);
    add_footers(t, h, bytes);
}

static void add_answer(struct text *t, const uint8_t *bytes, size_t len)
{
    static const char *const words[] = {
        [TBF_END] = "list end",
        [TBF_END_BAD] = "bad total",
        [TBF_BEYOND] = "beyond",
        [TBF_BAD_HEADER_SIZE] = "bad head",
        [TBF_BAD_CHECKSUM] = "bad checksum",
        [TBF_BAD_ENTRIES] = "bad entries",
        [TBF_BAD_LENGTH] = "bad length of ",
        [TBF_BAD_NAME] = "bad name",
        [TBF_BAD_PERMISSIONS] = "bad permissions",
        [TBF_NO_PROGRAM] = "no program",
        [TBF_BAD_PROTECTED] = "bad protected",
        [TBF_BAD_BINARY_END] = "bad binary end",
        [TBF_BAD_ENTRY_POINT] = "bad entry point",
        [TBF_BAD_REGION] = "bad region",
    };
    struct tbf_header h;
    enum tbf_status status = tbf_parse(bytes, len, &h);

    if (status == TBF_OK && h.is_padding)
        add(t, "padding");
    else if (status == TBF_OK)
        add_app(t, &h, bytes);
    else
        add(t, "%s", words[status]);
    if (status == TBF_BAD_LENGTH)
        add(t, "%u", h.bad_type);
}

/* The image in a buffer of exactly its size, so that ASan sees any excess. */
static uint8_t *decode(const char *hex, size_t *len)
{
    uint8_t *bytes;

    *len = strlen(hex) / 2;
    bytes = malloc(*len + (*len == 0));
    cr_assert(ne(ptr, bytes, NULL));
    for (size_t i = 0; i < *len; i++) {
        unsigned value;

        cr_assert(eq(int, sscanf(hex + 2 * i, "%2x", &value), 1));
        bytes[i] = (uint8_t)value;
    }
    return bytes;
}

static const char *better_answer(const char *id, size_t *used)
{
    for (size_t i = 0; i < ARRAY_COUNT(better); i++)
        if (strcmp(better[i].id, id) == 0) {
            ++*used;
            return better[i].answer;
        }
    return NULL;
}

Test(tbf_golden, every_row_gives_the_recorded_or_the_better_answer)
{
    FILE *file = fopen(ROWS, "r");
    static char line[8192];
    size_t rows = 0;
    size_t used = 0;

    cr_assert(ne(ptr, file, NULL), "%s (run from the project's root)", ROWS);
    for (; fgets(line, sizeof(line), file) != NULL; rows++) {
        char *save;
        const char *id = strtok_r(line, "\t\n", &save);
        const char *hex = strtok_r(NULL, "\t\n", &save);
        const char *recorded = strtok_r(NULL, "\t\n", &save);
        const char *ours = better_answer(id, &used);
        struct text answer = {"", 0};
        size_t len;
        uint8_t *bytes = decode(hex, &len);

        if (ours != NULL)
            cr_expect(ne(str, (char *)ours, (char *)recorded),
                      "%s: no longer better", id);
        add_answer(&answer, bytes, len);
        cr_expect(
            eq(str, answer.chars, (char *)(ours != NULL ? ours : recorded)),
            "row %s", id);
        free(bytes);
    }
    fclose(file);
    cr_expect(eq(sz, rows, ROW_COUNT));
    cr_expect(eq(sz, used, ARRAY_COUNT(better)));
}
