/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tab/tab.h"

#include "host/alloc.h"
#include "host/file.h"
#include "host/utf8.h"
#include "metadata.h"
#include "tarfile.h"

#include <stdlib.h>
#include <string.h>

/*
 * Dates of the members as elf2tab writes them: they mean nothing, but with
 * them two archives of the same apps differ in nothing but their contents.
 */
enum { METADATA_DATE = 0, OBJECT_DATE = 1153704088 };

static const char metadata_name[] = "metadata.toml";
static const char suffix[] = ".tbf";
enum { SUFFIX_LEN = sizeof suffix - 1 };

/* What tarfile_walk has collected so far. */
struct reader {
    struct tab *tab;
    bool has_metadata;
    size_t seen;
};

/*
 * A member's name becomes part of paths and messages: one component of a
 * path, printable, UTF-8.
 */
static bool is_safe_name(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len > TAB_MAX_NAME || name[0] == '.')
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f || name[i] == '/')
            return false;
    return utf8_is_valid(name, len);
}

static const struct tab_member *find_member(const struct tab *tab,
                                            const char *name, size_t len)
{
    for (size_t i = 0; i < tab->count; i++)
        if (strlen(tab->members[i].name) == len &&
            memcmp(tab->members[i].name, name, len) == 0)
            return &tab->members[i];
    return NULL;
}

static int take_metadata(struct reader *reader, const struct tarfile_member *m,
                         struct err *e)
{
    if (reader->has_metadata)
        return err_set(e, ERR_INPUT, "metadata.toml is there twice");
    reader->has_metadata = true;
    return metadata_parse((const char *)m->bytes, m->len,
                          &reader->tab->metadata, e);
}

static void add_member(struct tab *tab, const char *name, size_t len,
                       const struct tarfile_member *m)
{
    tab->members =
        alloc_resize(tab->members, tab->count + 1, sizeof *tab->members);
    struct tab_member *member = &tab->members[tab->count++];

    *member = (struct tab_member){
        .name = alloc_string(name, len),
        .bytes = alloc_resize(NULL, m->len, 1),
        .len = m->len,
    };
    member->arch_len = strcspn(member->name, ".");
    if (m->len != 0)
        memcpy(member->bytes, m->bytes, m->len);
}

static int take_member(void *context, const struct tarfile_member *m,
                       struct err *e)
{
    struct reader *reader = context;
    const char *name = m->name;

    if (reader->seen++ == TAB_MAX_MEMBERS)
        return err_set(e, ERR_INPUT, "more than %u members", TAB_MAX_MEMBERS);
    if (strncmp(name, "./", 2) == 0) /* from `tar -c ./metadata.toml ...` */
        name += 2;
    if (!is_safe_name(name))
        return err_set(e, ERR_INPUT, "member name '%.255s' is not allowed",
                       name);
    if (strcmp(name, metadata_name) == 0)
        return take_metadata(reader, m, e);

    size_t len = strlen(name);
    if (len < SUFFIX_LEN || strcmp(name + len - SUFFIX_LEN, suffix) != 0)
        return 0;
    len -= SUFFIX_LEN;
    if (find_member(reader->tab, name, len) != NULL)
        return err_set(e, ERR_INPUT, "member '%s' is there twice", name);
    add_member(reader->tab, name, len, m);
    return 0;
}

static int check_complete(const struct reader *reader, struct err *e)
{
    if (!reader->has_metadata)
        return err_set(e, ERR_INPUT, "the archive holds no metadata.toml");
    if (reader->tab->count == 0)
        return err_set(e, ERR_INPUT, "the archive holds no .tbf member");
    return 0;
}

int tab_parse(const uint8_t *bytes, size_t len, const char *what,
              struct tab *out, struct err *e)
{
    struct reader reader = {.tab = out};

    *out = (struct tab){0};
    if (tarfile_walk(bytes, len, take_member, &reader, e) != 0 ||
        check_complete(&reader, e) != 0) {
        tab_free(out);
        return err_while(e, "reading the TAB '%s'", what);
    }
    return 0;
}

int tab_read(const char *path, struct tab *out, struct err *e)
{
    struct file_bytes file;

    *out = (struct tab){0};
    if (file_read(path, TAB_MAX_SIZE, &file, e) != 0)
        return -1;
    int result = tab_parse(file.bytes, file.len, path, out, e);
    file_free(&file);
    return result;
}

void tab_free(struct tab *tab)
{
    for (size_t i = 0; i < tab->count; i++) {
        free(tab->members[i].name);
        free(tab->members[i].bytes);
    }
    free(tab->members);
    metadata_free(&tab->metadata);
    *tab = (struct tab){0};
}

bool tab_member_is_for(const struct tab_member *member, const char *arch)
{
    return strlen(arch) == member->arch_len &&
           memcmp(member->name, arch, member->arch_len) == 0;
}

static int check_names(const struct tab *tab, struct err *e)
{
    for (size_t i = 0; i < tab->count; i++) {
        const char *name = tab->members[i].name;

        if (!is_safe_name(name))
            return err_set(e, ERR_INPUT,
                           "'%s' cannot be the name of a TAB's member", name);
        if (find_member(tab, name, strlen(name)) != &tab->members[i])
            return err_set(e, ERR_INPUT,
                           "two objects of the TAB would be called '%s'", name);
    }
    return 0;
}

int tab_build(const struct tab *tab, uint8_t **bytes, size_t *len,
              struct err *e)
{
    if (check_names(tab, e) != 0)
        return -1;

    struct tarfile_member *members =
        alloc_zeroed(tab->count + 1, sizeof *members);
    char **names = alloc_zeroed(tab->count, sizeof *names);
    size_t text_len;
    char *text = metadata_text(&tab->metadata, &text_len);

    members[0] = (struct tarfile_member){metadata_name, (uint8_t *)text,
                                         text_len, METADATA_DATE};
    for (size_t i = 0; i < tab->count; i++) {
        const struct tab_member *m = &tab->members[i];

        names[i] = alloc_format("%s%s", m->name, suffix);
        members[i + 1] =
            (struct tarfile_member){names[i], m->bytes, m->len, OBJECT_DATE};
    }
    int result = tarfile_make(members, tab->count + 1, bytes, len, e);

    for (size_t i = 0; i < tab->count; i++)
        free(names[i]);
    free(names);
    free(members);
    free(text);
    return result;
}
