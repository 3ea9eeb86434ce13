/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "object/binary.h"

#include "base/attr.h"
#include "base/le.h"

/* --- what C apps begin with ----------------------------------------------- */

static const char *const crt0_words[] = {
    "got_sym_start", "got_start", "got_size", "data_sym_start", "data_start",
    "data_size",     "bss_start", "bss_size", "reldata_start",  "stack_size",
};
enum { CRT0_RELDATA = 8, CRT0_LEN = 4 * ARRAY_COUNT(crt0_words) };

static void print_word(FILE *to, const char *name, uint32_t value)
{
    fprintf(to, "            %-19s %-11u 0x%08x\n", name, value, value);
}

void object_print_crt0(const struct tbf_header *h, const uint8_t *bytes,
                       FILE *to)
{
    const uint8_t *app = bytes + h->protected_size;
    uint32_t len = h->binary_end - h->protected_size;
    uint32_t reldata;

    fprintf(to, "  0x%06x  crt0 header\n", h->protected_size);
    if (len < CRT0_LEN) {
        fprintf(to, "            none: the app binary has %u bytes\n", len);
        return;
    }
    for (uint32_t i = 0; i < ARRAY_COUNT(crt0_words); i++)
        print_word(to, crt0_words[i], le32_load(app + 4 * i));
    reldata = le32_load(app + 4 * CRT0_RELDATA);
    if (len >= 4 && reldata <= len - 4)
        print_word(to, "[reldata_len]", le32_load(app + reldata));
}

/* --- bytes ---------------------------------------------------------------- */

enum { DUMP_ROW = 16 };

static void dump_row(const uint8_t *bytes, uint32_t count, FILE *to)
{
    for (uint32_t i = 0; i < DUMP_ROW; i++) {
        if (i == DUMP_ROW / 2)
            putc(' ', to);
        if (i < count)
            fprintf(to, "%02x ", bytes[i]);
        else
            fputs("   ", to);
    }
    fputs(" |", to);
    for (uint32_t i = 0; i < count; i++)
        putc(bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.', to);
    fputs("|\n", to);
}

void object_print_dump(const uint8_t *bytes, uint32_t len, FILE *to)
{
    for (uint32_t at = 0; at < len; at += DUMP_ROW) {
        fprintf(to, "%08x  ", at);
        dump_row(bytes + at, len - at < DUMP_ROW ? len - at : DUMP_ROW, to);
    }
}

/* --- C -------------------------------------------------------------------- */

enum { C_ROW = 10 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The app's name as a C identifier; "app" if it has none. */
static void print_identifier(const struct tbf_header *h, FILE *to)
{
    if (h->name_len == 0) {
        fputs("app", to);
        return;
    }
    if (!is_letter(h->name[0]))
        putc('_', to);
    for (uint32_t i = 0; i < h->name_len; i++) {
        char c = h->name[i];

        putc(is_letter(c) || (c >= '0' && c <= '9') ? c : '_', to);
    }
}

void object_print_c(const struct tbf_header *h, const uint8_t *bytes, FILE *to)
{
    uint32_t len = h->total_size;

    while (len > 1 && bytes[len - 1] == 0)
        len--;
    fputs("const unsigned char ", to);
    print_identifier(h, to);
    fputs("_embed[] = {\n", to);
    for (uint32_t i = 0; i < len; i++)
        fprintf(to, "%s0x%02x,%s", i % C_ROW == 0 ? "    " : " ", bytes[i],
                i % C_ROW == C_ROW - 1 || i == len - 1 ? "\n" : "");
    fputs("};\nconst size_t ", to);
    print_identifier(h, to);
    fprintf(to, "_embed_size = %u;\nconst size_t ", h->total_size);
    print_identifier(h, to);
    fprintf(to, "_embed_actual_size = %u;\n", len);
}
