/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "object/batch.h"

#include "host/alloc.h"
#include "host/text.h"

#include <stdlib.h>
#include <string.h>

enum { SUFFIX_LEN = 4 }; /* of ".tbf" */

/* Are the len bytes of word the name, with or without ".tbf"? */
static bool is_word_for(const char *word, size_t len, const char *name)
{
    size_t name_len = strlen(name);
    size_t stem = len > SUFFIX_LEN && memcmp(word + len - SUFFIX_LEN, ".tbf",
                                             SUFFIX_LEN) == 0
                      ? len - SUFFIX_LEN
                      : len;

    return (len == name_len || stem == name_len) &&
           memcmp(word, name, name_len) == 0;
}

static bool is_listed(const char *list, const char *name)
{
    while (*list != '\0') {
        size_t len = strcspn(list, ",");

        if (is_word_for(list, len, name))
            return true;
        list += len + (list[len] == ',');
    }
    return false;
}

bool object_is_chosen(const char *only, const struct object_file *file,
                      size_t index)
{
    return only == NULL || is_listed(only, file->tab.members[index].name);
}

static bool holds(const struct object_file *file, const char *word, size_t len)
{
    for (size_t i = 0; i < file->tab.count; i++)
        if (is_word_for(word, len, file->tab.members[i].name))
            return true;
    return false;
}

int object_check_chosen(const char *only, const struct object_file *file,
                        struct err *e)
{
    if (only == NULL)
        return 0;
    if (!file->is_tab)
        return err_set(e, ERR_USAGE,
                       "'--only' chooses objects of a TAB, but '%s' is a "
                       "single object",
                       file->path);
    for (;;) {
        size_t len = strcspn(only, ",");

        if (!holds(file, only, len)) {
            err_set(e, ERR_STATE, "'%s' holds no object '%.*s'", file->path,
                    (int)len, only);
            return err_hint(e, "`elf2tbf inspect %s` shows what it holds",
                            file->path);
        }
        if (only[len] == '\0')
            return 0;
        only += len + 1;
    }
}

static const char *plural(unsigned count)
{
    return count == 1 ? "" : "s";
}

static void print_report(FILE *to, const struct object_file *file, size_t index,
                         const struct object_report *r)
{
    struct object_name name = object_name(file, index);

    text_put(to, name.text, strlen(name.text), 0);
    fputs(r->is_changed ? ": changed" : ": already so", to);
    if (r->remade != 0)
        fprintf(to, ", %u credential%s made again", r->remade,
                plural(r->remade));
    if (r->removed != 0)
        fprintf(to, ", %u credential%s removed", r->removed,
                plural(r->removed));
    if (r->old_size != r->new_size)
        fprintf(to, ", %u bytes instead of %u", r->new_size, r->old_size);
    putc('\n', to);
}

static void add_report(struct json *list, const struct object_file *file,
                       size_t index, const struct object_report *r)
{
    struct json *item = json_add_object(list, NULL);

    json_add_string(item, "name",
                    file->is_tab ? file->tab.members[index].name : NULL);
    json_add_bool(item, "changed", r->is_changed);
    json_add_number(item, "size", r->new_size);
    json_add_number(item, "remade", r->remade);
    json_add_number(item, "removed", r->removed);
}

static int change_one(const struct object_batch *batch,
                      struct object_file *file, size_t index,
                      struct object_report *report, struct err *e)
{
    struct object_change change;
    int result = object_change_begin(&change, file, index, &batch->policy, e);

    if (result == 0)
        result = batch->apply(batch->context, &change, e);
    if (result == 0)
        result = object_change_end(&change, report, e);
    object_change_free(&change);
    return result;
}

/* *is_changed: there is something to write. */
static int change_all(const struct object_batch *batch,
                      struct object_file *file, struct object_report *reports,
                      bool *is_changed, struct err *e)
{
    *is_changed = batch->output != NULL;
    for (size_t i = 0; i < file->tab.count; i++) {
        if (!object_is_chosen(batch->only, file, i))
            continue;
        if (change_one(batch, file, i, &reports[i], e) != 0)
            return -1;
        *is_changed |= reports[i].is_changed;
    }
    return 0;
}

static void tell(const struct object_batch *batch,
                 const struct object_file *file,
                 const struct object_report *reports)
{
    for (size_t i = 0; i < file->tab.count; i++) {
        if (!object_is_chosen(batch->only, file, i))
            continue;
        if (batch->to != NULL)
            print_report(batch->to, file, i, &reports[i]);
        if (batch->list != NULL)
            add_report(batch->list, file, i, &reports[i]);
    }
}

int object_batch_run(const struct object_batch *batch, struct object_file *file,
                     struct err *e)
{
    const char *path = batch->output != NULL ? batch->output : file->path;
    struct object_report *reports =
        alloc_zeroed(file->tab.count, sizeof *reports);
    bool is_changed = false;
    int result = object_check_chosen(batch->only, file, e);

    if (result == 0)
        result = change_all(batch, file, reports, &is_changed, e);
    if (result == 0 && is_changed && !batch->is_dry)
        result = object_file_write(file, path, e);
    if (result == 0)
        tell(batch, file, reports);
    free(reports);
    return result;
}
