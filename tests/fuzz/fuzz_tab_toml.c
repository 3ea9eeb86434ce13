/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Any bytes as metadata.toml: items or an error, and every string that was
 * read can be written and read again.
 */
#include "host/toml.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void write_and_read(const char *string)
{
    struct toml toml;
    struct toml_item item;
    struct err e = {0};
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);

    fputs("k=", to);
    toml_print_string(to, string);
    fclose(to);
    toml_open(&toml, text, len, "again");
    must(toml_next(&toml, &item, &e) == 1);
    must(item.kind == TOML_STRING && strcmp(item.string, string) == 0);
    must(toml_next(&toml, &item, &e) == 0);
    toml_close(&toml);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct toml toml;
    struct toml_item item;
    struct err e = {0};
    int got;

    toml_open(&toml, (const char *)data, size, "fuzz");
    while ((got = toml_next(&toml, &item, &e)) > 0) {
        const char *string = item.string;

        must(item.line >= 1 && item.table != NULL && item.key != NULL);
        if (item.kind == TOML_STRING)
            write_and_read(string);
        for (size_t i = 0; i < item.count; i++) {
            write_and_read(string);
            string += strlen(string) + 1;
        }
    }
    must(got == 0 || e.kind == ERR_INPUT);
    toml_close(&toml);
    return 0;
}
