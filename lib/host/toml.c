/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/toml.h"

#include "host/alloc.h"
#include "host/utf8.h"

#include <stdlib.h>
#include <string.h>

/*
 * Decoded text goes to one store that is allocated once. It cannot overflow:
 * every string costs one NUL, and at least one character of its source (a
 * quote, a bracket, "=", or the end of a line; one spare for the end of the
 * text) is not stored.
 */
void toml_open(struct toml *toml, const char *text, size_t len,
               const char *what)
{
    *toml = (struct toml){
        .what = what,
        .at = text,
        .end = text + len,
        .line = 1,
        .table = "",
        .store = alloc_zeroed(len + 2, 1),
    };
}

void toml_close(struct toml *toml)
{
    free(toml->store);
    *toml = (struct toml){0};
}

static int bad(const struct toml *t, const char *problem, struct err *e)
{
    return err_set(e, ERR_INPUT, "%s, line %u: %s", t->what, t->line, problem);
}

/* The next character; NUL at the end, which no valid text contains. */
static char peek(const struct toml *t)
{
    return t->at < t->end ? *t->at : '\0';
}

static bool take(struct toml *t, char c)
{
    if (t->at == t->end || *t->at != c)
        return false;
    if (c == '\n')
        t->line++;
    t->at++;
    return true;
}

static void store(struct toml *t, char c)
{
    t->store[t->stored++] = c;
}

static const char *store_here(const struct toml *t)
{
    return t->store + t->stored;
}

static void skip_blanks(struct toml *t)
{
    while (peek(t) == ' ' || peek(t) == '\t')
        t->at++;
}

static void skip_comment(struct toml *t)
{
    if (peek(t) == '#')
        while (t->at < t->end && *t->at != '\n')
            t->at++;
}

/* Blanks, comments and line ends: what may stand between lines. */
static void skip_lines(struct toml *t)
{
    do {
        skip_blanks(t);
        while (peek(t) == '\r')
            t->at++;
        skip_comment(t);
    } while (take(t, '\n'));
}

static int end_line(struct toml *t, struct err *e)
{
    skip_blanks(t);
    skip_comment(t);
    if (peek(t) == '\r')
        t->at++;
    if (t->at < t->end && !take(t, '\n'))
        return bad(t, "expected the end of the line", e);
    return 0;
}

static bool is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Letters of a bare word; more holds further allowed characters. */
static const char *take_word(struct toml *t, const char *more)
{
    const char *word = store_here(t);

    while (is_bare(peek(t)) || (peek(t) != '\0' && strchr(more, *t->at)))
        store(t, *t->at++);
    store(t, '\0');
    return word;
}

static int take_code_point(struct toml *t, unsigned digits, struct err *e)
{
    uint32_t point = 0;
    char bytes[4];

    for (unsigned i = 0; i < digits; i++) {
        char c = peek(t);
        unsigned value = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                                : 16;

        if (value == 16)
            return bad(t, "expected a hex digit", e);
        point = point << 4 | value;
        t->at++;
    }
    size_t len = utf8_put(point, bytes);
    if (len == 0 || point == 0)
        return bad(t, "character number out of range", e);
    for (size_t i = 0; i < len; i++)
        store(t, bytes[i]);
    return 0;
}

static int take_escape(struct toml *t, struct err *e)
{
    static const char from[] = "btnfr\"\\";
    static const char to[] = "\b\t\n\f\r\"\\";
    char c = peek(t);
    const char *known = c != '\0' ? strchr(from, c) : NULL;

    if (known != NULL) {
        store(t, to[known - from]);
        t->at++;
        return 0;
    }
    if (take(t, 'u'))
        return take_code_point(t, 4, e);
    if (take(t, 'U'))
        return take_code_point(t, 8, e);
    return bad(t, "unknown escape in a string", e);
}

/* A "basic" or 'literal' string; its quote is the next character. */
static int take_string(struct toml *t, const char **out, struct err *e)
{
    char quote = *t->at++;

    *out = store_here(t);
    for (;;) {
        char c = peek(t);

        if ((unsigned char)c < 0x20 && c != '\t')
            return bad(t, "a string does not end in its line", e);
        t->at++;
        if (c == quote)
            break;
        if (c == '\\' && quote == '"') {
            if (take_escape(t, e) != 0)
                return -1;
        } else {
            store(t, c);
        }
    }
    store(t, '\0');
    return 0;
}

static int take_strings(struct toml *t, struct toml_item *out, struct err *e)
{
    const char *string;

    out->kind = TOML_STRINGS;
    out->string = store_here(t);
    t->at++;
    for (skip_lines(t); !take(t, ']'); skip_lines(t)) {
        if (peek(t) != '"' && peek(t) != '\'')
            return bad(t, "expected a string or ']'", e);
        if (take_string(t, &string, e) != 0)
            return -1;
        out->count++;
        skip_lines(t);
        if (!take(t, ',') && peek(t) != ']')
            return bad(t, "expected ',' or ']'", e);
    }
    return 0;
}

/* YYYY-MM-DD, and whatever time of day follows. */
static bool is_date(const char *word)
{
    static const char shape[] = "dddd-dd-dd";

    for (size_t i = 0; i < sizeof shape - 1; i++) {
        bool digit = word[i] >= '0' && word[i] <= '9';

        if (shape[i] == 'd' ? !digit : word[i] != shape[i])
            return false;
    }
    return true;
}

static bool is_integer(const char *word, int64_t *out)
{
    const char *digits = word + (word[0] == '+' || word[0] == '-');
    bool hex = word[0] == '0' && word[1] == 'x';
    char *end;

    if (hex ? word[2] == '\0' || word[2] == '-' || word[2] == '+'
            : digits[0] < '0' || digits[0] > '9' ||
                  (digits[0] == '0' && digits[1] != '\0'))
        return false;
    long long value = strtoll(word, &end, hex ? 16 : 10);
    *out = value;
    /* The two extreme values may stand for an overflow: not accepted. */
    return *end == '\0' && value > INT64_MIN && value < INT64_MAX;
}

static int take_value(struct toml *t, struct toml_item *out, struct err *e)
{
    if (peek(t) == '[')
        return take_strings(t, out, e);
    if (peek(t) == '"' || peek(t) == '\'') {
        out->kind = TOML_STRING;
        return take_string(t, &out->string, e);
    }

    out->string = take_word(t, "+.:");
    if (is_date(out->string)) {
        out->kind = TOML_DATE;
        return 0;
    }
    if (is_integer(out->string, &out->integer)) {
        out->kind = TOML_INTEGER;
        return 0;
    }
    out->kind = TOML_BOOLEAN;
    out->boolean = strcmp(out->string, "true") == 0;
    if (!out->boolean && strcmp(out->string, "false") != 0)
        return bad(t,
                   "expected a string, integer, boolean, date or array of "
                   "strings",
                   e);
    return 0;
}

static int take_table(struct toml *t, struct err *e)
{
    t->at++;
    skip_blanks(t);
    t->table = take_word(t, ".");
    skip_blanks(t);
    if (t->table[0] == '\0' || !take(t, ']'))
        return bad(t, "expected [name]", e);
    return end_line(t, e);
}

static int take_item(struct toml *t, struct toml_item *out, struct err *e)
{
    *out = (struct toml_item){.table = t->table, .line = t->line};
    if (peek(t) == '"' || peek(t) == '\'') {
        if (take_string(t, &out->key, e) != 0)
            return -1;
    } else {
        out->key = take_word(t, "");
        if (out->key[0] == '\0')
            return bad(t, "expected a key or [name]", e);
    }
    skip_blanks(t);
    if (!take(t, '='))
        return bad(t, "expected '=' after the key", e);
    skip_blanks(t);
    if (take_value(t, out, e) != 0 || end_line(t, e) != 0)
        return -1;
    return 1;
}

int toml_next(struct toml *t, struct toml_item *out, struct err *e)
{
    if (t->stored == 0 && !utf8_is_valid(t->at, (size_t)(t->end - t->at)))
        return bad(t, "the text is not UTF-8", e);
    skip_lines(t);
    while (peek(t) == '[') {
        if (take_table(t, e) != 0)
            return -1;
        skip_lines(t);
    }
    return t->at == t->end ? 0 : take_item(t, out, e);
}

void toml_print_string(FILE *to, const char *text)
{
    putc('"', to);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            fprintf(to, "\\u%04x", c);
        else
            putc(c, to);
    }
    putc('"', to);
}
