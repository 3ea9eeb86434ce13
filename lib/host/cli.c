/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/cli.h"

#include "host/alloc.h"

#include <stdlib.h>
#include <string.h>

enum { HELP_COLUMN = 32 };

/* An option of one of the tables, and where its value goes. */
struct found {
    const struct cli_option *option;
    void *field;
};

/* The parser's state: the words not looked at yet. */
struct parser {
    const struct cli *cli;
    char *const *words;
    size_t count;
    size_t at;
    bool stop;
};

void cli_list_add(struct cli_list *list, const char *word)
{
    list->words =
        alloc_resize(list->words, list->count + 1, sizeof *list->words);
    list->words[list->count++] = word;
}

void cli_list_free(struct cli_list *list)
{
    free(list->words);
    *list = (struct cli_list){0};
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

bool cli_number(const char *text, bool hex, uint32_t *out)
{
    uint32_t base = 10;
    uint64_t value = 0;

    if (hex && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        uint32_t digit = (uint32_t)digit_value(*text);

        if (digit >= base)
            return false;
        value = value * base + digit;
        if (value > UINT32_MAX)
            return false;
    }
    *out = (uint32_t)value;
    return true;
}

/* Edit distance with swapped neighbours as one edit; long words are cut. */
static unsigned distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    unsigned d[LONGEST + 1][LONGEST + 1];
    size_t a_len = strnlen(a, LONGEST);
    size_t b_len = strnlen(b, LONGEST);

    for (size_t i = 0; i <= a_len; i++) {
        for (size_t k = 0; k <= b_len; k++) {
            if (i == 0 || k == 0) {
                d[i][k] = (unsigned)(i + k);
                continue;
            }
            unsigned best = d[i - 1][k - 1] + (a[i - 1] != b[k - 1]);
            if (d[i - 1][k] + 1 < best)
                best = d[i - 1][k] + 1;
            if (d[i][k - 1] + 1 < best)
                best = d[i][k - 1] + 1;
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
                a[i - 2] == b[k - 1] && d[i - 2][k - 2] + 1 < best)
                best = d[i - 2][k - 2] + 1;
            d[i][k] = best;
        }
    }
    return d[a_len][b_len];
}

/* A name is near if at most every third letter differs. */
static bool is_nearer(const char *word, const char *name, unsigned *best)
{
    unsigned far = distance(word, name);

    if (far > (strlen(name) + 2) / 3 || far >= *best)
        return false;
    *best = far;
    return true;
}

const char *cli_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    unsigned best = ~0u;

    for (; *names != NULL; names++)
        if (is_nearer(word, *names, &best))
            nearest = *names;
    return nearest;
}

static const char *nearest_option(const struct cli *cli, const char *word)
{
    const char *nearest = NULL;
    unsigned best = ~0u;

    for (size_t t = 0; t < cli->table_count; t++) {
        const struct cli_table *table = &cli->tables[t];

        for (size_t i = 0; i < table->count; i++)
            if (table->options[i].name != NULL &&
                is_nearer(word, table->options[i].name, &best))
                nearest = table->options[i].name;
    }
    return nearest;
}

/* By name of len bytes, or by letter if name is null. */
static bool find(const struct cli *cli, const char *name, size_t len,
                 char letter, struct found *out)
{
    for (size_t t = 0; t < cli->table_count; t++) {
        const struct cli_table *table = &cli->tables[t];

        for (size_t i = 0; i < table->count; i++) {
            const struct cli_option *o = &table->options[i];
            bool fits = name == NULL
                            ? o->letter == letter
                            : o->name != NULL && strlen(o->name) == len &&
                                  memcmp(o->name, name, len) == 0;
            if (fits) {
                *out = (struct found){o, (char *)table->into + o->offset};
                return true;
            }
        }
    }
    return false;
}

static int help_hint(const struct cli *cli, struct err *e)
{
    return err_hint(e, "`%s --help` lists the options", cli->command);
}

/* How an option is called in messages. */
struct spelled {
    char text[48];
};

static struct spelled spell(const struct cli_option *o)
{
    struct spelled s;

    if (o->name != NULL)
        snprintf(s.text, sizeof s.text, "--%s", o->name);
    else
        snprintf(s.text, sizeof s.text, "-%c", o->letter);
    return s;
}

static int given_twice(const struct cli_option *o, struct err *e)
{
    return err_set(e, ERR_USAGE, "option '%s' is given twice", spell(o).text);
}

static bool takes_value(const struct cli_option *o)
{
    return o->kind >= CLI_STRING;
}

static int set_flag(struct parser *p, const struct found *f, struct err *e)
{
    if (f->option->kind == CLI_COUNT) {
        ++*(unsigned *)f->field;
        return 0;
    }
    bool *flag = f->field;
    if (*flag)
        return given_twice(f->option, e);
    *flag = true;
    if (f->option->kind == CLI_STOP)
        p->stop = true;
    return 0;
}

static int set_number(const struct found *f, const char *text, struct err *e)
{
    const struct cli_option *o = f->option;
    struct cli_u32 *number = f->field;
    uint32_t max = o->max != 0 ? o->max : UINT32_MAX;
    bool hex = o->kind == CLI_NUMBER;

    if (number->given)
        return given_twice(o, e);
    if (!cli_number(text, hex, &number->value) || number->value > max)
        return err_set(e, ERR_USAGE,
                       "'%s' is no value for '%s': expected a %s from 0 to "
                       "%u",
                       text, spell(o).text,
                       hex ? "number (decimal or 0x hex)" : "decimal number",
                       max);
    number->given = true;
    return 0;
}

static int set_value(const struct found *f, const char *text, struct err *e)
{
    const char **string = f->field;

    if (f->option->kind == CLI_LIST || f->option->kind == CLI_EACH) {
        cli_list_add(f->field, text);
        return 0;
    }
    if (f->option->kind == CLI_SOME) {
        struct cli_some *some = f->field;

        some->given = true;
        cli_list_add(&some->list, text);
        return 0;
    }
    if (f->option->kind != CLI_STRING)
        return set_number(f, text, e);
    if (*string != NULL)
        return given_twice(f->option, e);
    *string = text;
    return 0;
}

static bool is_word(const char *text)
{
    return text[0] != '-' || text[1] == '\0';
}

static bool takes_more(const struct parser *p, enum cli_kind kind)
{
    return (kind == CLI_LIST || kind == CLI_SOME) && p->at < p->count &&
           is_word(p->words[p->at]);
}

/* The value stands in the words that follow. */
static int take_values(struct parser *p, const struct found *f, struct err *e)
{
    if (f->option->kind == CLI_SOME && !takes_more(p, CLI_SOME)) {
        ((struct cli_some *)f->field)->given = true;
        return 0;
    }
    if (p->at == p->count || !is_word(p->words[p->at])) {
        err_set(e, ERR_USAGE, "option '%s' needs a value",
                spell(f->option).text);
        if (p->at < p->count)
            err_hint(e, "write %s=%s if that is meant", spell(f->option).text,
                     p->words[p->at]);
        return -1;
    }
    do {
        if (set_value(f, p->words[p->at++], e) != 0)
            return -1;
    } while (takes_more(p, f->option->kind));
    return 0;
}

/* --name, --name=value; word is without the dashes. */
static int parse_long(struct parser *p, const char *word, struct err *e)
{
    size_t len = strcspn(word, "=");
    struct found f;

    if (!find(p->cli, word, len, 0, &f)) {
        char *name = alloc_string(word, len);
        const char *near = nearest_option(p->cli, name);

        err_set(e, ERR_USAGE, "unknown option '--%s'", name);
        if (near != NULL)
            err_hint(e, "did you mean '--%s'?", near);
        free(name);
        return help_hint(p->cli, e);
    }
    if (!takes_value(f.option)) {
        if (word[len] == '=')
            return err_set(e, ERR_USAGE, "option '--%s' takes no value",
                           f.option->name);
        return set_flag(p, &f, e);
    }
    if (word[len] == '=')
        return set_value(&f, word + len + 1, e);
    return take_values(p, &f, e);
}

/* -x, -xyz, -xvalue, -x=value; word is without the dash. */
static int parse_letters(struct parser *p, const char *word, struct err *e)
{
    for (; *word != '\0' && !p->stop; word++) {
        struct found f;

        if (!find(p->cli, NULL, 0, *word, &f)) {
            err_set(e, ERR_USAGE, "unknown option '-%c'", *word);
            return help_hint(p->cli, e);
        }
        if (takes_value(f.option)) {
            word++;
            if (*word == '\0')
                return take_values(p, &f, e);
            return set_value(&f, *word == '=' ? word + 1 : word, e);
        }
        if (set_flag(p, &f, e) != 0)
            return -1;
    }
    return 0;
}

int cli_parse(const struct cli *cli, char *const *words, size_t count,
              struct cli_list *operands, struct err *e)
{
    struct parser p = {.cli = cli, .words = words, .count = count};
    bool options_ended = false;

    while (p.at < p.count && !p.stop) {
        const char *word = p.words[p.at++];

        if (options_ended || is_word(word)) {
            cli_list_add(operands, word);
            continue;
        }
        if (strcmp(word, "--") == 0) {
            options_ended = true;
            continue;
        }
        int result = word[1] == '-' ? parse_long(&p, word + 2, e)
                                    : parse_letters(&p, word + 1, e);
        if (result != 0)
            return -1;
    }
    return 0;
}

/* Appends one option's spelling, "-o, --output-file FILE". */
static size_t describe(const struct cli_option *o, char *text, size_t room)
{
    int len = 0;

    if (o->letter != 0)
        len = snprintf(text, room, "-%c%s", o->letter,
                       o->name != NULL ? ", " : "");
    if (o->name != NULL)
        len += snprintf(text + len, room - (size_t)len, "--%s", o->name);
    if (o->metavar != NULL)
        len +=
            snprintf(text + len, room - (size_t)len, " %s%s", o->metavar,
                     o->kind == CLI_LIST || o->kind == CLI_SOME ? "..." : "");
    return (size_t)len;
}

void cli_print_options(const struct cli_option *options, size_t count, FILE *to)
{
    enum { LONGEST = 80 };
    size_t column = 0;

    for (size_t i = 0; i < count; i++) {
        const struct cli_option *o = &options[i];
        char text[LONGEST];

        if (o->help != NULL && o->help[0] == '\0')
            continue;
        column += (size_t)fprintf(to, column == 0 ? "  " : ", ");
        describe(o, text, sizeof text);
        column += (size_t)fprintf(to, "%s", text);
        if (o->help == NULL)
            continue;
        if (column + 2 + strlen(o->help) > LONGEST) {
            putc('\n', to);
            column = 0;
        }
        int blanks = column + 2 > HELP_COLUMN ? 2 : (int)(HELP_COLUMN - column);

        fprintf(to, "%*s%s\n", blanks, "", o->help);
        column = 0;
    }
}
