/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

#include "describe.h"
#include "host/alloc.h"
#include "host/text.h"
#include "host/ui.h"
#include "survey.h"

#include <stdlib.h>
#include <string.h>

struct list_options {
    bool plain;
    struct cli_some keys;
};

static const struct cli_option options[] = {
    {"plain", 0, CLI_FLAG, offsetof(struct list_options, plain), NULL,
     "separated by tabs, no header, sizes in bytes", 0},
    {"verify-credentials", 0, CLI_SOME, offsetof(struct list_options, keys),
     "KEY", "check them, signatures with these keys", 0},
};

/* --- rows ----------------------------------------------------------------- */

enum { ADDRESS, SIZE, NAME, VERSION, STATE, SHORT_ID, SIGNED, COLUMNS };

/* What rows are made of. */
struct view {
    const struct region *region;
    const struct object_keys *keys; /* null: credentials are not checked */
    const char *none;               /* stands for what is not there      */
    bool plain;
};

struct row {
    char text[COLUMNS][128];
    const char *name; /* borrowed from the region, not terminated */
    size_t name_len;
};

static const char *const titles[COLUMNS] = {
    "address", "size", "name", "version", "state", "short id", "signed",
};

static void set(struct row *row, int column, const char *text)
{
    snprintf(row->text[column], sizeof row->text[column], "%s", text);
}

static void set_size(struct row *row, uint32_t size, bool plain)
{
    if (plain)
        snprintf(row->text[SIZE], sizeof row->text[SIZE], "%u", size);
    else
        set(row, SIZE, ui_size(size).text);
}

static void fill_app(struct row *row, const struct view *view,
                     const struct region_object *object)
{
    const struct tbf_header *h = &object->header;

    snprintf(row->text[VERSION], sizeof row->text[VERSION], "%u", h->version);
    snprintf(row->text[STATE], sizeof row->text[STATE], "%s%s",
             survey_state(object), survey_is_sticky(object) ? ", sticky" : "");
    set(row, SHORT_ID, view->none);
    if (h->short_id != 0)
        snprintf(row->text[SHORT_ID], sizeof row->text[SHORT_ID], "0x%08x",
                 h->short_id);
    survey_credentials(view->region, object, view->keys, row->text[SIGNED],
                       sizeof row->text[SIGNED]);
    if (row->text[SIGNED][0] == '\0')
        set(row, SIGNED, view->none);
}

static struct row make_row(const struct view *view,
                           const struct region_object *object)
{
    struct row row = {0};

    snprintf(row.text[ADDRESS], sizeof row.text[ADDRESS], "0x%08x",
             object->address);
    set_size(&row, object->size, view->plain);
    row.name = survey_name(object, &row.name_len);
    if (region_is_app(object))
        fill_app(&row, view, object);
    else if (!region_is_padding(object))
        set(&row, STATE, survey_state(object));
    return row;
}

static size_t columns_of(const struct row *row, int column)
{
    return column == NAME
               ? text_columns(row->name, row->name_len)
               : text_columns(row->text[column], strlen(row->text[column]));
}

static int last_column(const struct row *row)
{
    int last = COLUMNS - 1;

    while (last > NAME && row->text[last][0] == '\0')
        last--;
    return last;
}

static void put_cell(const struct row *row, int column, size_t width)
{
    if (column == NAME)
        text_put(stdout, row->name, row->name_len, width);
    else
        text_put(stdout, row->text[column], strlen(row->text[column]), width);
}

/* Nothing follows the last text of a line, no blanks either. */
static void put_row(const struct row *row, const size_t width[COLUMNS])
{
    int last = last_column(row);

    for (int c = 0; c <= last; c++) {
        fputs("  ", stdout);
        put_cell(row, c, c == last ? 0 : width[c]);
    }
    putchar('\n');
}

/* With --verbose: what the header says beside the columns. */
static void put_details(const struct tbf_header *h)
{
    printf("      %u of %u bytes used, %u bytes RAM, header %u bytes",
           h->binary_end, h->total_size, h->minimum_ram, h->header_size);
    if (h->protected_size != h->header_size)
        printf(", protected %u bytes", h->protected_size);
    if (h->has_kernel_version)
        printf(", kernel %u.%u", h->kernel_major, h->kernel_minor);
    if (h->fixed_flash != TBF_NOT_FIXED)
        printf(", linked for flash 0x%08x", h->fixed_flash);
    if (h->fixed_ram != TBF_NOT_FIXED)
        printf(", RAM 0x%08x", h->fixed_ram);
    putchar('\n');
}

/* --- the forms ------------------------------------------------------------ */

static void print_summary(const struct region *region)
{
    struct survey survey = survey_region(region);

    printf("%u app%s", survey.apps, survey.apps == 1 ? "" : "s");
    if (survey.padding != 0)
        printf("%s %s of padding", survey.retired != 0 ? "," : " and",
               ui_size(survey.padding).text);
    if (survey.retired != 0)
        printf(" and %s of retired apps", ui_size(survey.retired).text);
    printf(" take%s %s of %s; ",
           survey.apps == 1 && survey.padding == 0 && survey.retired == 0 ? "s"
                                                                          : "",
           ui_size(survey.used).text, ui_size(region->board->apps.size).text);
    if (survey.largest == 0)
        puts("no room for another one");
    else
        printf("largest new app: %s at 0x%08x\n", ui_size(survey.largest).text,
               survey.largest_addr);
}

static void print_titles(const size_t width[COLUMNS])
{
    for (int c = 0; c < COLUMNS; c++)
        printf("  %-*s", c == COLUMNS - 1 ? 0 : (int)width[c], titles[c]);
    putchar('\n');
}

static void print_table(const struct session *session,
                        const struct object_keys *keys)
{
    const struct region *region = &session->region;
    const struct view view = {region, keys,
                              session->utf8 ? "\xe2\x80\x93" : "-", false};
    struct row *rows = alloc_zeroed(region->count, sizeof *rows);
    size_t width[COLUMNS];

    for (int c = 0; c < COLUMNS; c++)
        width[c] = strlen(titles[c]);
    for (size_t i = 0; i < region->count; i++) {
        rows[i] = make_row(&view, &region->objects[i]);
        for (int c = 0; c < COLUMNS; c++)
            if (columns_of(&rows[i], c) > width[c])
                width[c] = columns_of(&rows[i], c);
    }
    if (region->count != 0)
        print_titles(width);
    for (size_t i = 0; i < region->count; i++) {
        put_row(&rows[i], width);
        if (session->options.verbose != 0 && region_is_app(&region->objects[i]))
            put_details(&region->objects[i].header);
    }
    free(rows);
    print_summary(region);
}

static void print_plain(const struct region *region,
                        const struct object_keys *keys)
{
    const struct view view = {region, keys, "", true};

    for (size_t i = 0; i < region->count; i++) {
        struct row row = make_row(&view, &region->objects[i]);

        for (int c = 0; c < COLUMNS; c++) {
            put_cell(&row, c, 0);
            putchar(c == COLUMNS - 1 ? '\n' : '\t');
        }
    }
}

static void print_names(const struct region *region)
{
    bool is_first = true;

    for (size_t i = 0; i < region->count; i++) {
        const struct tbf_header *h = &region->objects[i].header;

        if (!region_is_app(&region->objects[i]))
            continue;
        fputs(is_first ? "" : " ", stdout);
        text_put(stdout, h->name_len == 0 ? "" : h->name, h->name_len, 0);
        is_first = false;
    }
    putchar('\n');
}

/* --- the command ---------------------------------------------------------- */

static int open_for_list(struct session *session, struct err *e)
{
    if (session->operands.count != 0)
        return err_set(e, ERR_USAGE, "list takes no operand, found '%s'",
                       session->operands.words[0]);
    return session_open_region(session, SESSION_LOOK, e);
}

static void print(const struct session *session, const struct object_keys *keys)
{
    const struct list_options *own = session->own;

    if (session->json != NULL)
        describe_region(session->json, &session->region, keys);
    else if (session->options.quiet)
        print_names(&session->region);
    else if (own->plain)
        print_plain(&session->region, keys);
    else
        print_table(session, keys);
}

static int run(struct session *session, struct err *e)
{
    struct cli_some words = ((const struct list_options *)session->own)->keys;
    struct object_keys keys = {0};
    int result = open_for_list(session, e);

    if (result == 0)
        result = object_keys_add_all(&keys, &words.list, &session->notes, e);
    if (result == 0)
        print(session, words.given ? &keys : NULL);
    object_keys_free(&keys);
    cli_list_free(&words.list);
    return result;
}

const struct command cmd_list = {
    .name = "list",
    .summary = "what is on the board",
    .operands = "",
    .details = "Prints a line for each object of the app region; with -v more "
               "of each app, with\n-q only the names, in one line.\n",
    .examples = "tockloader-c list --board qemu_rv32_virt --flash-file b.img\n",
    .statuses = "3",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .own_size = sizeof(struct list_options),
    .run = run,
};
