/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "saved.h"

#include "backup.h"
#include "host/alloc.h"
#include "rewrite.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The end of a link's name tells more than its start, and files' names have
 * a limit. */
enum { LINK_MAX = 150 };

static char *state_folder(struct err *e)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");

    if (state != NULL && state[0] == '/')
        return alloc_format("%s/tockloader-c", state);
    if (home != NULL && home[0] == '/')
        return alloc_format("%s/.local/state/tockloader-c", home);
    err_set(e, ERR_INPUT,
            "no place for a copy of the board's apps: neither XDG_STATE_HOME "
            "nor HOME is set");
    err_hint(e, "set HOME");
    return NULL;
}

/* What the link leads to as part of a file's name. */
static char *link_word(const struct session *session)
{
    char *real = realpath(session->link->name, NULL);
    const char *name = real != NULL ? real : session->link->name;
    size_t len = strlen(name);
    char *word =
        alloc_format("%s", name + (len > LINK_MAX ? len - LINK_MAX : 0));

    for (char *at = word; *at != '\0'; at++)
        if (*at == '/')
            *at = '%';
    free(real);
    return word;
}

char *saved_path(const struct session *session, struct err *e)
{
    char *folder = state_folder(e);
    char *word, *path;

    if (folder == NULL)
        return NULL;
    word = link_word(session);
    path = alloc_format("%s/%s-%s.backup", folder, session->board->name, word);
    free(word);
    free(folder);
    return path;
}

bool saved_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Makes the folders in front of path's last name. */
static int make_folders(const char *path, struct err *e)
{
    char *copy = alloc_string(path, strlen(path));
    int result = 0;

    for (char *at = strchr(copy + 1, '/'); at != NULL && result == 0;
         at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(copy, 0700) != 0 && errno != EEXIST)
            result = err_set(e, ERR_INPUT, "cannot make the folder '%s': %s",
                             copy, strerror(errno));
        *at = '/';
    }
    free(copy);
    return result;
}

int saved_write(const struct session *session, const char *path, struct err *e)
{
    const struct region *region = &session->region;
    struct backup backup = {
        .start = region->board->apps.start,
        .bytes = region->bytes,
        .len = region->end - region->board->apps.start,
    };

    snprintf(backup.board, sizeof backup.board, "%s", region->board->name);
    if (make_folders(path, e) != 0 || backup_write(path, &backup, e) != 0)
        return err_while(e, "saving the apps before they are moved");
    return 0;
}

int saved_remove(const char *path, struct err *e)
{
    if (unlink(path) == 0 || errno == ENOENT)
        return 0;
    return err_set(e, ERR_INPUT, "cannot remove '%s': %s", path,
                   strerror(errno));
}

int saved_put_back(struct session *session, const char *path, struct plan *out,
                   struct err *e)
{
    struct backup backup;
    int result = -1;

    *out = (struct plan){0};
    if (backup_read(path, &backup, e) != 0)
        return err_hint(e, "remove the file if the board needs nothing of it");
    if (backup.start != session->board->apps.start ||
        backup.len > session->board->apps.size) {
        err_set(e, ERR_INPUT, "'%s' is not of this board", path);
        err_hint(e, "remove the file if the board needs nothing of it");
    } else {
        rewrite_plan(session, backup.bytes, backup.len, out);
        if (session_apply(session, out, e) == 0)
            result = session->options.dry_run ? 0 : saved_remove(path, e);
    }
    backup_free(&backup);
    return result;
}

int saved_check(const struct session *session, struct err *e)
{
    struct err none = {0}; /* without a folder for it there is no copy */
    char *path = saved_path(session, &none);
    int result = 0;

    if (path != NULL && saved_exists(path)) {
        result = err_set(e, ERR_STATE,
                         "the apps of this board were being moved when that "
                         "was cut off");
        err_hint(e,
                 "`tockloader-c recover` puts them back from %s; remove that "
                 "file if this is another image",
                 path);
    }
    free(path);
    return result;
}
