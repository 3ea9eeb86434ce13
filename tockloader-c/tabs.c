/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tabs.h"

#include "host/alloc.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 8, MAX_FOUND = 64 };

static bool is_tab(const char *name)
{
    size_t len = strlen(name);

    return len > 4 && strcmp(name + len - 4, ".tab") == 0;
}

static void add_path(struct cli_list *out, const char *path)
{
    if (out->count < MAX_FOUND)
        cli_list_add(out, alloc_string(path, strlen(path)));
}

/* Hidden folders and links to folders are passed over. */
static void search(const char *folder, unsigned depth, struct cli_list *out)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        struct stat status;
        char *path;

        if (entry->d_name[0] == '.')
            continue;
        path = strcmp(folder, ".") == 0
                   ? alloc_string(entry->d_name, strlen(entry->d_name))
                   : alloc_format("%s/%s", folder, entry->d_name);
        if (lstat(path, &status) == 0) {
            if (S_ISDIR(status.st_mode) && depth < MAX_DEPTH)
                search(path, depth + 1, out);
            else if (!S_ISDIR(status.st_mode) && is_tab(path))
                add_path(out, path);
        }
        free(path);
    }
    if (dir != NULL)
        closedir(dir);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool are_all_here(const struct cli_list *tabs)
{
    for (size_t i = 0; i < tabs->count; i++)
        if (strchr(tabs->words[i], '/') != NULL)
            return false;
    return true;
}

/* "a.tab, b.tab, ...", as much as a message holds. */
static void list_names(const struct cli_list *tabs, char *text, size_t room)
{
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < tabs->count && len < room; i++)
        len += (size_t)snprintf(text + len, room - len, "%s%s",
                                i == 0 ? "" : ", ", tabs->words[i]);
}

int tabs_choose(const struct cli_list *words, size_t first,
                struct cli_list *out, struct notes *notes, struct err *e)
{
    char names[300];

    for (size_t i = first; i < words->count; i++)
        add_path(out, words->words[i]);
    if (out->count != 0)
        return 0;
    search(".", 0, out);
    if (out->count == 0) {
        err_set(e, ERR_INPUT, "no TAB named, and none found below here");
        return err_hint(e, "name it: tockloader-c ... APP.tab");
    }
    qsort(out->words, out->count, sizeof *out->words, compare);
    list_names(out, names, sizeof names);
    if (out->count > 1 && !are_all_here(out)) {
        err_set(e, ERR_USAGE, "no TAB named, and there are several: %s", names);
        return err_hint(e, "name those that are meant");
    }
    notes_add(notes, "no TAB named, taking %s", names);
    return 0;
}

void tabs_free(struct cli_list *tabs)
{
    for (size_t i = 0; i < tabs->count; i++)
        free((void *)(uintptr_t)tabs->words[i]);
    cli_list_free(tabs);
}
