/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "host/file.h"

#include "host/alloc.h"
#include "host/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Between two of these a write can be interrupted. */
#define STEP ((size_t)1 << 20)

/* So many zeros in a row are left out of the file: it reads as zeros there. */
#define HOLE ((size_t)1 << 16)

/* Links in a row that Linux follows. */
#define MAX_LINKS 40u

/* From errno; a call that a signal ended was interrupted by the user. */
static int cannot(const char *verb, const char *path, struct err *e)
{
    if (errno == EINTR && interrupt_pending())
        return err_set(e, ERR_INTERRUPT, "interrupted, did not %s '%s'", verb,
                       path);
    return err_set(e, ERR_INPUT, "cannot %s '%s': %s", verb, path,
                   strerror(errno));
}

/* Reads until the end; the file may be a pipe, or grow or shrink meanwhile. */
static int read_all(int fd, const char *path, size_t expected, size_t max,
                    struct file_bytes *out, struct err *e)
{
    size_t room = expected < max ? expected + 1 : max + 1;
    size_t len = 0;
    uint8_t *bytes = alloc_resize(NULL, room, 1);

    while (len <= max) {
        if (len == room) {
            room = room > max / 2 ? max + 1 : 2 * room;
            bytes = alloc_resize(bytes, room, 1);
        }
        ssize_t got = read(fd, bytes + len, room - len);
        if (got == 0)
            break;
        if (got < 0 && errno == EINTR && !interrupt_pending())
            continue;
        if (got < 0) {
            cannot("read", path, e);
            free(bytes);
            return -1;
        }
        len += (size_t)got;
    }
    if (len > max) {
        free(bytes);
        return err_set(e, ERR_INPUT, "'%s' is larger than %zu bytes", path,
                       max);
    }
    *out = (struct file_bytes){bytes, len};
    return 0;
}

int file_read(const char *path, size_t max, struct file_bytes *out,
              struct err *e)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int result = -1;

    if (fd < 0)
        return cannot("open", path, e);
    if (fstat(fd, &info) != 0)
        cannot("read", path, e);
    else
        result =
            read_all(fd, path, info.st_size > 0 ? (size_t)info.st_size : 4096,
                     max, out, e);
    close(fd);
    return result;
}

void file_free(struct file_bytes *file)
{
    free(file->bytes);
    *file = (struct file_bytes){0};
}

void file_pieces_free(struct file_pieces *pieces)
{
    free(pieces->list);
    free(pieces->own);
    *pieces = (struct file_pieces){0};
}

static int write_all(int fd, const char *path, const uint8_t *bytes, size_t len,
                     struct err *e)
{
    while (len != 0) {
        if (interrupt_pending()) {
            errno = EINTR;
            return cannot("write", path, e);
        }
        ssize_t done = write(fd, bytes, len < STEP ? len : STEP);
        if (done < 0 && errno != EINTR)
            return cannot("write", path, e);
        if (done > 0) {
            bytes += done;
            len -= (size_t)done;
        }
    }
    return 0;
}

static struct file_piece piece_at(const struct file_staged *staged, size_t i)
{
    return staged->pieces != NULL ? staged->pieces[i] : staged->one;
}

static size_t total_len(const struct file_staged *staged)
{
    size_t len = 0;

    for (size_t i = 0; i < staged->count; i++)
        len += piece_at(staged, i).len;
    return len;
}

/* Bytes of whole holes at the start of bytes. */
static size_t zeros(const uint8_t *bytes, size_t len)
{
    size_t count = 0;

    while (len - count >= HOLE && bytes[count] == 0 &&
           memcmp(bytes + count, bytes + count + 1, HOLE - 1) == 0)
        count += HOLE;
    return count;
}

/* Like write_all, to a new regular file. */
static int write_sparse(int fd, const char *path, const uint8_t *bytes,
                        size_t len, struct err *e)
{
    while (len != 0) {
        size_t hole = zeros(bytes, len);
        size_t data = hole;

        while (data < len && zeros(bytes + data, len - data) == 0)
            data += len - data < HOLE ? len - data : HOLE;
        if (hole != 0 && lseek(fd, (off_t)hole, SEEK_CUR) < 0)
            return cannot("write", path, e);
        if (write_all(fd, path, bytes + hole, data - hole, e) != 0)
            return -1;
        bytes += data;
        len -= data;
    }
    return 0;
}

/* Reads len bytes and compares them; false also if they cannot be read. */
static bool has_next(int fd, const uint8_t *bytes, size_t len)
{
    uint8_t buffer[16384];

    while (len != 0) {
        ssize_t got =
            read(fd, buffer, len < sizeof buffer ? len : sizeof buffer);

        if (got <= 0 || memcmp(buffer, bytes, (size_t)got) != 0)
            return false;
        bytes += got;
        len -= (size_t)got;
    }
    return true;
}

/* A new file in its place would only differ in its date. */
static bool is_current(const struct file_staged *staged,
                       const struct stat *info)
{
    if (staged->care == FILE_DURABLE || info->st_size < 0 ||
        (size_t)info->st_size != total_len(staged))
        return false;

    int fd = open(staged->path, O_RDONLY | O_CLOEXEC);
    bool same = fd >= 0;

    for (size_t i = 0; i < staged->count && same; i++)
        same = has_next(fd, piece_at(staged, i).bytes, piece_at(staged, i).len);
    if (fd >= 0)
        close(fd);
    return same;
}

/* The mode that a file made by open(2) would get. */
static mode_t mode_of_new_file(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

static int fill_temp(int fd, struct file_staged *staged, mode_t mode,
                     struct err *e)
{
    for (size_t i = 0; i < staged->count; i++)
        if (write_sparse(fd, staged->path, piece_at(staged, i).bytes,
                         piece_at(staged, i).len, e) != 0)
            return -1;
    /* A hole at the end is no write. */
    if (ftruncate(fd, (off_t)total_len(staged)) != 0)
        return cannot("write", staged->path, e);
    if (fchmod(fd, mode) != 0)
        return cannot("set the mode of", staged->path, e);
    if (staged->care == FILE_DURABLE && fsync(fd) != 0)
        return cannot("write", staged->path, e);
    return 0;
}

static int stage_temp(struct file_staged *staged, mode_t mode, struct err *e)
{
    const char *slash = strrchr(staged->path, '/');
    int dir_len = slash != NULL ? (int)(slash - staged->path) + 1 : 0;

    staged->temp = alloc_format("%.*s.%.100s.XXXXXX", dir_len, staged->path,
                                staged->path + dir_len);
    int fd = mkostemp(staged->temp, O_CLOEXEC);
    if (fd < 0) {
        free(staged->temp);
        staged->temp = NULL;
        return cannot("create", staged->path, e);
    }
    int result = fill_temp(fd, staged, mode, e);
    if (close(fd) != 0 && result == 0)
        result = cannot("write", staged->path, e);
    return result;
}

/* What a symbolic link says, seen from where the path is; null if the path is
 * none. */
static char *link_target(const char *path)
{
    char target[PATH_MAX];
    ssize_t len = readlink(path, target, sizeof target);
    const char *slash = strrchr(path, '/');

    if (len <= 0 || (size_t)len == sizeof target)
        return NULL;
    if (target[0] == '/' || slash == NULL)
        return alloc_string(target, (size_t)len);
    return alloc_format("%.*s%.*s", (int)(slash + 1 - path), path, (int)len,
                        target);
}

/* Where a new file goes: behind links that lead to none yet. */
static char *new_path(const char *path)
{
    char *at = alloc_string(path, strlen(path));
    char *next;

    for (unsigned i = 0; i < MAX_LINKS && (next = link_target(at)) != NULL;
         i++) {
        free(at);
        at = next;
    }
    return at;
}

static int stage(struct file_staged *out, const char *path, struct err *e)
{
    struct stat info;
    bool exists = stat(path, &info) == 0;

    if (!exists && errno != ENOENT)
        return cannot("write", path, e);
    if (exists && S_ISDIR(info.st_mode))
        return err_set(e, ERR_INPUT, "'%s' is a folder, not a file", path);
    if (exists && access(path, W_OK) != 0)
        return cannot("write", path, e);

    out->path = exists ? realpath(path, NULL) : NULL;
    if (out->path == NULL)
        out->path = exists ? alloc_string(path, strlen(path)) : new_path(path);
    if (exists && !S_ISREG(info.st_mode))
        return 0;
    out->is_current = exists && is_current(out, &info);
    if (out->is_current)
        return 0;
    return stage_temp(out, exists ? info.st_mode & 07777 : mode_of_new_file(),
                      e);
}

int file_stage_pieces(struct file_staged *out, const char *path,
                      const struct file_piece *pieces, size_t count,
                      enum file_care care, struct err *e)
{
    *out = (struct file_staged){.pieces = pieces, .count = count, .care = care};
    if (stage(out, path, e) == 0)
        return 0;
    file_discard(out);
    return -1;
}

int file_stage(struct file_staged *out, const char *path, const void *bytes,
               size_t len, enum file_care care, struct err *e)
{
    *out = (struct file_staged){.one = {bytes, len}, .count = 1, .care = care};
    if (stage(out, path, e) == 0)
        return 0;
    file_discard(out);
    return -1;
}

static int write_special(const struct file_staged *staged, struct err *e)
{
    int fd = open(staged->path, O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return cannot("open", staged->path, e);
    int result = 0;
    for (size_t i = 0; i < staged->count && result == 0; i++)
        result = write_all(fd, staged->path, piece_at(staged, i).bytes,
                           piece_at(staged, i).len, e);
    if (close(fd) != 0 && result == 0)
        result = cannot("write", staged->path, e);
    return result;
}

/* Makes the new name itself survive a power cut. */
static int sync_folder(const char *path, struct err *e)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL   ? alloc_string(".", 1)
                   : slash == path ? alloc_string("/", 1)
                                   : alloc_string(path, (size_t)(slash - path));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* Some file systems cannot sync a folder and say EINVAL. */
    bool bad = fd < 0 || (fsync(fd) != 0 && errno != EINVAL);

    if (bad)
        cannot("sync the folder of", path, e);
    if (fd >= 0)
        close(fd);
    free(folder);
    return bad ? -1 : 0;
}

int file_commit(struct file_staged *staged, struct err *e)
{
    int result = 0;

    if (staged->is_current) {
        if (utimensat(AT_FDCWD, staged->path, NULL, 0) != 0)
            result = cannot("set the date of", staged->path, e);
    } else if (staged->temp == NULL) {
        result = write_special(staged, e);
    } else if (rename(staged->temp, staged->path) != 0) {
        result = cannot("replace", staged->path, e);
    } else {
        free(staged->temp);
        staged->temp = NULL;
        if (staged->care == FILE_DURABLE)
            result = sync_folder(staged->path, e);
    }
    file_discard(staged);
    return result;
}

void file_discard(struct file_staged *staged)
{
    if (staged->temp != NULL)
        unlink(staged->temp);
    free(staged->temp);
    free(staged->path);
    *staged = (struct file_staged){0};
}

int file_write(const char *path, const void *bytes, size_t len,
               enum file_care care, struct err *e)
{
    struct file_staged staged;

    if (file_stage(&staged, path, bytes, len, care, e) != 0)
        return -1;
    return file_commit(&staged, e);
}
