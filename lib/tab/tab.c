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
    reader->tab->metadata_text = alloc_string((const char *)m->bytes, m->len);
    reader->tab->metadata_len = m->len;
    return metadata_parse((const char *)m->bytes, m->len,
                          &reader->tab->metadata, e);
}

static uint8_t *copy_bytes(const struct tarfile_member *m)
{
    uint8_t *bytes = alloc_resize(NULL, m->len, 1);

    if (m->len != 0)
        memcpy(bytes, m->bytes, m->len);
    return bytes;
}

static void add_other(struct tab *tab, const char *name,
                      const struct tarfile_member *m)
{
    tab->others =
        alloc_resize(tab->others, tab->other_count + 1, sizeof *tab->others);
    tab->others[tab->other_count++] = (struct tab_other){
        alloc_string(name, strlen(name)), copy_bytes(m), m->len};
}

static void add_member(struct tab *tab, const char *name, size_t len,
                       const struct tarfile_member *m)
{
    tab->members =
        alloc_resize(tab->members, tab->count + 1, sizeof *tab->members);
    struct tab_member *member = &tab->members[tab->count++];

    *member = (struct tab_member){
        .name = alloc_string(name, len),
        .bytes = copy_bytes(m),
        .len = m->len,
    };
    member->arch_len = strcspn(member->name, ".");
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
    if (len < SUFFIX_LEN || strcmp(name + len - SUFFIX_LEN, suffix) != 0) {
        add_other(reader->tab, name, m);
        return 0;
    }
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
    for (size_t i = 0; i < tab->other_count; i++) {
        free(tab->others[i].name);
        free(tab->others[i].bytes);
    }
    free(tab->members);
    free(tab->others);
    free(tab->metadata_text);
    metadata_free(&tab->metadata);
    *tab = (struct tab){0};
}

void tab_renew_metadata(struct tab *tab)
{
    char *old = tab->metadata_text;

    if (old == NULL)
        return;
    tab->metadata_text = metadata_renew(old, tab->metadata_len, &tab->metadata,
                                        &tab->metadata_len);
    free(old);
}

/* What of an architecture's name says that it is RISC-V. */
static size_t riscv_prefix(const char *arch, size_t len)
{
    static const char *const spellings[] = {"riscv", "rv"};

    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        size_t prefix = strlen(spellings[i]);

        if (len >= prefix && memcmp(arch, spellings[i], prefix) == 0)
            return prefix;
    }
    return 0;
}

bool tab_member_is_for(const struct tab_member *member, const char *arch)
{
    size_t arch_len = strlen(arch);
    size_t there = riscv_prefix(member->name, member->arch_len);
    size_t wanted = riscv_prefix(arch, arch_len);

    return (there == 0) == (wanted == 0) &&
           member->arch_len - there == arch_len - wanted &&
           memcmp(member->name + there, arch + wanted, arch_len - wanted) == 0;
}

static int check_names(const struct tab *tab, struct err *e)
{
    /* The metadata is a member as well. */
    if (tab->count + tab->other_count >= TAB_MAX_MEMBERS)
        return err_set(e, ERR_INPUT, "a TAB has at most %u members",
                       TAB_MAX_MEMBERS);
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

/* Objects in their order, then all else; names[] are those of the objects. */
static void list_members(const struct tab *tab, char **names,
                         struct tarfile_member *members)
{
    for (size_t i = 0; i < tab->count; i++) {
        const struct tab_member *m = &tab->members[i];

        names[i] = alloc_format("%s%s", m->name, suffix);
        members[i] = (struct tarfile_member){names[i], m->bytes, m->len,
                                             OBJECT_DATE, true};
    }
    for (size_t i = 0; i < tab->other_count; i++)
        members[tab->count + i] =
            (struct tarfile_member){tab->others[i].name, tab->others[i].bytes,
                                    tab->others[i].len, OBJECT_DATE, true};
}

int tab_build_pieces(const struct tab *tab, struct file_pieces *out,
                     struct err *e)
{
    if (check_names(tab, e) != 0)
        return -1;

    size_t count = 1 + tab->count + tab->other_count;
    struct tarfile_member *members = alloc_zeroed(count, sizeof *members);
    char **names = alloc_zeroed(tab->count, sizeof *names);
    size_t text_len = tab->metadata_len;
    char *text = tab->metadata_text != NULL
                     ? alloc_string(tab->metadata_text, text_len)
                     : metadata_text(&tab->metadata, &text_len);

    members[0] = (struct tarfile_member){metadata_name, (uint8_t *)text,
                                         text_len, METADATA_DATE, false};
    list_members(tab, names, members + 1);
    int result = tarfile_make(members, count, out, e);

    for (size_t i = 0; i < tab->count; i++)
        free(names[i]);
    free(names);
    free(members);
    free(text);
    return result;
}

int tab_build(const struct tab *tab, uint8_t **bytes, size_t *len,
              struct err *e)
{
    struct file_pieces pieces;
    size_t at = 0;

    if (tab_build_pieces(tab, &pieces, e) != 0)
        return -1;
    *len = 0;
    for (size_t i = 0; i < pieces.count; i++)
        *len += pieces.list[i].len;
    *bytes = alloc_resize(NULL, *len, 1);
    for (size_t i = 0; i < pieces.count; i++) {
        memcpy(*bytes + at, pieces.list[i].bytes, pieces.list[i].len);
        at += pieces.list[i].len;
    }
    file_pieces_free(&pieces);
    return 0;
}
