/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

#include "describe.h"
#include "host/text.h"
#include "host/ui.h"
#include "survey.h"

#include <string.h>

enum { BAR_CELLS = 16, SIZE_COLUMNS = 10, MIN_NAME_COLUMNS = 8 };

/* The marks of a picture, for terminals with and without UTF-8. */
struct marks {
    const char *first, *middle, *last;
    const char *used, *unused, *padding;
};

static const struct marks utf8_marks = {
    "\xe2\x94\xac", "\xe2\x94\xbc", "\xe2\x94\xb4",
    "\xe2\x96\x87", "\xe2\x96\x91", "\xc2\xb7",
};
static const struct marks ascii_marks = {"+", "+", "+", "#", "-", "."};

/* One line: from address on, size bytes. */
struct row {
    uint32_t address;
    uint32_t size;
    const char *name;
    size_t name_len;
};

static void put_row(const struct row *row, const char *mark, size_t width)
{
    printf("0x%08x %s ", row->address, mark);
    text_put(stdout, row->name, row->name_len, width);
    printf(" %*s ", SIZE_COLUMNS, ui_size(row->size).text);
}

static void put_bar(uint32_t cells, const char *full, const char *rest)
{
    putchar(' ');
    for (uint32_t i = 0; i < BAR_CELLS; i++)
        fputs(i < cells ? full : rest, stdout);
}

/* How far the binary fills the object; at least one cell. */
static uint32_t used_cells(const struct region_object *object)
{
    uint64_t cells =
        ((uint64_t)object->header.binary_end * BAR_CELLS + object->size / 2) /
        object->size;

    return cells == 0 ? 1 : (uint32_t)cells;
}

static void put_app(const struct region_object *object,
                    const struct marks *marks)
{
    const struct tbf_header *h = &object->header;

    put_bar(used_cells(object), marks->used, marks->unused);
    printf("  %*s used  %*s RAM", SIZE_COLUMNS, ui_size(h->binary_end).text,
           SIZE_COLUMNS, ui_size(h->minimum_ram).text);
    if (h->fixed_ram != TBF_NOT_FIXED)
        printf(" at 0x%08x", h->fixed_ram);
    if (object->status != TBF_OK || !survey_is_enabled(object))
        printf("  %s", survey_state(object));
    if (survey_is_sticky(object))
        fputs("  sticky", stdout);
}

static struct row row_of(const struct region_object *object)
{
    struct row row = {object->address, object->size, NULL, 0};

    row.name = survey_name(object, &row.name_len);
    if (region_is_padding(object)) {
        row.name = "padding";
        row.name_len = strlen(row.name);
    }
    return row;
}

static void put_object(const struct region_object *object, const char *mark,
                       size_t width, const struct marks *marks)
{
    struct row row = row_of(object);

    put_row(&row, mark, width);
    if (region_is_app(object))
        put_app(object, marks);
    else if (region_is_padding(object))
        put_bar(0, marks->used, marks->padding);
    else
        printf(" %s", survey_state(object));
    putchar('\n');
}

/* What is behind the list: the last line, also when there is nothing. */
static void put_rest(const struct region *region, const char *mark,
                     size_t width)
{
    static const char *const names[] = {
        [REGION_TAIL_BLANK] = "free",
        [REGION_TAIL_FREE] = "free",
        [REGION_TAIL_UNKNOWN] = "unknown",
    };
    struct survey survey = survey_region(region);
    struct row row = {
        .address = region->end,
        .size = region_limit(region) - region->end,
        .name = names[region->tail],
        .name_len = strlen(names[region->tail]),
    };

    put_row(&row, mark, width);
    if (survey.largest != 0)
        printf(" largest new app: %s at 0x%08x", ui_size(survey.largest).text,
               survey.largest_addr);
    putchar('\n');
}

static void print_map(const struct session *session)
{
    const struct region *region = &session->region;
    const struct marks *marks = session->utf8 ? &utf8_marks : &ascii_marks;
    size_t width = MIN_NAME_COLUMNS;

    printf("%s: app flash 0x%08x to 0x%08x, %s\n", region->board->name,
           region->board->apps.start, region_limit(region) - 1,
           ui_size(region->board->apps.size).text);
    for (size_t i = 0; i < region->count; i++) {
        struct row row = row_of(&region->objects[i]);
        size_t columns = text_columns(row.name, row.name_len);

        if (columns > width)
            width = columns;
    }
    for (size_t i = 0; i < region->count; i++)
        put_object(&region->objects[i], i == 0 ? marks->first : marks->middle,
                   width, marks);
    put_rest(region, marks->last, width);
}

static int run(struct session *session, struct err *e)
{
    if (session->operands.count != 0)
        return err_set(e, ERR_USAGE, "map takes no operand, found '%s'",
                       session->operands.words[0]);
    if (session_open_region(session, SESSION_LOOK, e) != 0)
        return -1;
    if (session->json != NULL)
        describe_region(session->json, &session->region, NULL);
    else
        print_map(session);
    return 0;
}

const struct command cmd_map = {
    .name = "map",
    .summary = "picture of the app flash",
    .operands = "",
    .details = "Draws the app region: a line for each object, with the part "
               "of it that is\nin use and the RAM that the app asks for.\n",
    .examples = "tockloader-c map --board qemu_rv32_virt --flash-file b.img\n",
    .statuses = "3",
    .run = run,
};
