/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "metadata.h"

#include "host/alloc.h"
#include "host/toml.h"

#include <stdlib.h>
#include <string.h>

enum { TAB_VERSION = 1 };

/* The keys with a text value, in the order in which they are written. */
static const struct key {
    const char *name;
    enum toml_kind kind;
    size_t offset;
} keys[] = {
    {"name", TOML_STRING, offsetof(struct tab_metadata, name)},
    {"minimum-tock-kernel-version", TOML_STRING,
     offsetof(struct tab_metadata, kernel)},
    {"only-for-boards", TOML_STRING, offsetof(struct tab_metadata, boards)},
    {"build-date", TOML_DATE, offsetof(struct tab_metadata, build_date)},
};

static const struct key *find_key(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

static char **field_of(struct tab_metadata *metadata, const struct key *key)
{
    return (char **)(void *)((char *)metadata + key->offset);
}

static int set_version(const struct toml_item *item, bool *seen, struct err *e)
{
    if (*seen || item->kind != TOML_INTEGER || item->integer != TAB_VERSION)
        return err_set(e, ERR_INPUT,
                       "metadata.toml, line %u: expected one tab-version = %d",
                       item->line, TAB_VERSION);
    *seen = true;
    return 0;
}

/* Unknown keys are ignored: later versions of the format may add some. */
static int set_item(const struct toml_item *item, struct tab_metadata *out,
                    bool *version_seen, struct err *e)
{
    const struct key *key = find_key(item->key);

    if (item->table[0] != '\0')
        return 0;
    if (strcmp(item->key, "tab-version") == 0)
        return set_version(item, version_seen, e);
    if (key == NULL)
        return 0;

    char **field = field_of(out, key);
    if (*field != NULL)
        return err_set(e, ERR_INPUT,
                       "metadata.toml, line %u: key '%s' stands there twice",
                       item->line, key->name);
    if (item->kind != key->kind)
        return err_set(
            e, ERR_INPUT, "metadata.toml, line %u: the value of '%s' is no %s",
            item->line, key->name, key->kind == TOML_DATE ? "date" : "string");
    *field = alloc_string(item->string, strlen(item->string));
    return 0;
}

int metadata_parse(const char *text, size_t len, struct tab_metadata *out,
                   struct err *e)
{
    struct toml toml;
    struct toml_item item;
    bool version_seen = false;
    int got;

    toml_open(&toml, text, len, "metadata.toml");
    while ((got = toml_next(&toml, &item, e)) > 0)
        if ((got = set_item(&item, out, &version_seen, e)) != 0)
            break;
    toml_close(&toml);
    if (got == 0 && !version_seen)
        got = err_set(e, ERR_INPUT, "metadata.toml has no tab-version");
    if (got != 0)
        metadata_free(out);
    return got;
}

/* Nothing for a key without a value. */
static void print_key(FILE *to, const struct tab_metadata *metadata,
                      const struct key *key)
{
    struct tab_metadata copy = *metadata;
    const char *value = *field_of(&copy, key);

    if (value == NULL)
        return;
    fprintf(to, "%s = ", key->name);
    if (key->kind == TOML_STRING)
        toml_print_string(to, value);
    else
        fputs(value, to);
    putc('\n', to);
}

static void print_metadata(FILE *to, const struct tab_metadata *metadata)
{
    fprintf(to, "tab-version = %d\n", TAB_VERSION);
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        print_key(to, metadata, &keys[i]);
}

/* In which line of the text each key stands, from 1; 0: in none. */
static void find_lines(const char *text, size_t len,
                       unsigned lines[ARRAY_COUNT(keys)])
{
    struct toml toml;
    struct toml_item item;
    struct err ignored = {0}; /* the text was accepted when it was read */

    toml_open(&toml, text, len, "metadata.toml");
    while (toml_next(&toml, &item, &ignored) > 0) {
        const struct key *key = find_key(item.key);

        if (key != NULL && item.table[0] == '\0')
            lines[key - keys] = item.line;
    }
    toml_close(&toml);
}

/* The key that stands in this line; null for any other line. */
static const struct key *key_of_line(const unsigned lines[ARRAY_COUNT(keys)],
                                     unsigned line)
{
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        if (lines[i] == line)
            return &keys[i];
    return NULL;
}

/* Keys that are new come first: behind a table's head they would be its. */
static void print_renewed(FILE *to, const char *text, size_t len,
                          const struct tab_metadata *metadata)
{
    unsigned lines[ARRAY_COUNT(keys)] = {0};
    const char *end = text + len;

    find_lines(text, len, lines);
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        if (lines[i] == 0)
            print_key(to, metadata, &keys[i]);
    for (unsigned line = 1; text != end; line++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *next = newline != NULL ? newline + 1 : end;
        const struct key *key = key_of_line(lines, line);

        if (key != NULL)
            print_key(to, metadata, key);
        else
            fwrite(text, 1, (size_t)(next - text), to);
        text = next;
    }
}

char *metadata_renew(const char *text, size_t text_len,
                     const struct tab_metadata *metadata, size_t *len)
{
    char *renewed = NULL;
    FILE *to = open_memstream(&renewed, len);

    if (to != NULL) {
        print_renewed(to, text, text_len, metadata);
        fclose(to);
    }
    /* Only for want of memory; alloc_string then says so and ends. */
    return renewed != NULL ? renewed : alloc_string("", *len = 0);
}

char *metadata_text(const struct tab_metadata *metadata, size_t *len)
{
    char *text = NULL;
    FILE *to = open_memstream(&text, len);

    if (to != NULL) {
        print_metadata(to, metadata);
        fclose(to);
    }
    /* Only for want of memory; alloc_string then says so and ends. */
    return text != NULL ? text : alloc_string("", *len = 0);
}

void metadata_free(struct tab_metadata *metadata)
{
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        free(*field_of(metadata, &keys[i]));
    *metadata = (struct tab_metadata){0};
}
