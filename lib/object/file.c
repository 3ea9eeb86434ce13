/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "object/file.h"

#include "host/alloc.h"
#include "host/file.h"
#include "tbf/text.h"

#include <stdlib.h>
#include <string.h>

enum { TAR_MAGIC_AT = 257 };
static const char tar_magic[] = "ustar";

static bool ends_with(const char *path, const char *end)
{
    size_t len = strlen(path);
    size_t end_len = strlen(end);

    return len >= end_len && strcmp(path + len - end_len, end) == 0;
}

static bool is_tab(const char *path, const struct file_bytes *file)
{
    struct tbf_header h;

    if (tbf_parse(file->bytes, file->len, &h) != TBF_END)
        return false;
    return ends_with(path, ".tab") ||
           (file->len >= TAR_MAGIC_AT + sizeof tar_magic - 1 &&
            memcmp(file->bytes + TAR_MAGIC_AT, tar_magic,
                   sizeof tar_magic - 1) == 0);
}

/* The bytes become the only object's. */
static void take_object(struct object_file *out, struct file_bytes *file)
{
    out->tab.members = alloc_zeroed(1, sizeof *out->tab.members);
    out->tab.count = 1;
    out->tab.members[0] = (struct tab_member){
        .name = alloc_string("", 0),
        .bytes = file->bytes,
        .len = file->len,
    };
    *file = (struct file_bytes){0};
}

int object_file_read(const char *path, struct object_file *out, struct err *e)
{
    struct file_bytes file;
    int result = 0;

    *out = (struct object_file){.path = path};
    if (file_read(path, TAB_MAX_SIZE, &file, e) != 0)
        return -1;
    out->is_tab = is_tab(path, &file);
    if (out->is_tab)
        result = tab_parse(file.bytes, file.len, path, &out->tab, e);
    else
        take_object(out, &file);
    file_free(&file);
    return result;
}

void object_file_free(struct object_file *file)
{
    tab_free(&file->tab);
}

int object_file_write(const struct object_file *file, const char *path,
                      struct err *e)
{
    const struct tab *tab = &file->tab;
    uint8_t *bytes;
    size_t len;

    if (!file->is_tab)
        return file_write(path, tab->members[0].bytes, tab->members[0].len,
                          FILE_ATOMIC, e);
    if (tab_build(tab, &bytes, &len, e) != 0)
        return -1;
    int result = file_write(path, bytes, len, FILE_ATOMIC, e);
    free(bytes);
    return result;
}

struct object_name object_name(const struct object_file *file, size_t index)
{
    struct object_name name;

    if (file->is_tab)
        snprintf(name.text, sizeof name.text, "%s.tbf",
                 file->tab.members[index].name);
    else
        snprintf(name.text, sizeof name.text, "%s", file->path);
    return name;
}

struct object_problem object_problem(const uint8_t *bytes, size_t len,
                                     struct tbf_header *h)
{
    struct object_problem problem = {""};
    enum tbf_status status = tbf_parse(bytes, len, h);

    if (status == TBF_BAD_LENGTH)
        snprintf(problem.text, sizeof problem.text,
                 "header entry %s (%u) has a wrong length",
                 tbf_type_text(h->bad_type), h->bad_type);
    else if (status == TBF_BEYOND)
        snprintf(problem.text, sizeof problem.text,
                 "total_size is %u, but there are only %zu bytes",
                 h->total_size, len);
    else if (status == TBF_END)
        snprintf(problem.text, sizeof problem.text,
                 "no object: it does not begin with version 2");
    else if (status != TBF_OK)
        snprintf(problem.text, sizeof problem.text, "%s",
                 tbf_status_text(status));
    else if (h->total_size < len)
        snprintf(problem.text, sizeof problem.text,
                 "%zu bytes behind the object of %u", len - h->total_size,
                 h->total_size);
    return problem;
}

int object_check(const struct object_file *file, size_t index,
                 struct tbf_header *h, struct err *e)
{
    const struct tab_member *member = &file->tab.members[index];
    struct object_problem problem =
        object_problem(member->bytes, member->len, h);

    if (problem.text[0] == '\0')
        return 0;
    err_set(e, ERR_INPUT, "'%s': %s", object_name(file, index).text,
            problem.text);
    return file->is_tab ? err_while(e, "reading '%s'", file->path) : -1;
}
