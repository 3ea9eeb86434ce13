/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "link/file.h"

#include "base/bits.h"
#include "host/alloc.h"
#include "host/file.h"
#include "host/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ERASED = 0xff };

/* No flash that apps run from is larger; a longer file is a mistake. */
#define MAX_FILE ((size_t)256 << 20)

enum { LOCK_STEP_US = 20 * 1000, LOCK_TRIES = 100 };

struct file_link {
    struct link link;
    enum link_file_mode mode;
    char *path;
    int fd;     /* -1 if there is no file (yet)                      */
    size_t len; /* of the file, or of the copy once there is one     */
    /* The copy that is written, made by the first write; else null.
     * Its room is the whole flash, or the whole file if that is longer. */
    uint8_t *copy;
};

static struct file_link *self_of(struct link *link)
{
    return (struct file_link *)link;
}

static int cannot(const char *verb, const char *path, struct err *e)
{
    return err_set(e, ERR_INPUT, "cannot %s flash image '%s': %s", verb, path,
                   strerror(errno));
}

/* Reads [off, off + len) of the file, which must have these bytes. */
static int read_file(struct file_link *self, size_t off, uint8_t *out,
                     size_t len, struct err *e)
{
    while (len != 0) {
        ssize_t got = pread(self->fd, out, len, (off_t)off);

        if (got < 0 && errno == EINTR && !interrupt_pending())
            continue;
        if (got < 0)
            return cannot("read", self->path, e);
        if (got == 0)
            return err_set(e, ERR_INPUT,
                           "flash image '%s' became shorter while it was read",
                           self->path);
        out += got;
        off += (size_t)got;
        len -= (size_t)got;
    }
    return 0;
}

static int file_read_flash(struct link *link, uint32_t addr, uint8_t *out,
                           uint32_t len, struct err *e)
{
    struct file_link *self = self_of(link);
    size_t off = addr - link->info.start;
    size_t have = off >= self->len ? 0 : self->len - off;

    if (have > len)
        have = len;
    memset(out + have, ERASED, len - have);
    if (have == 0)
        return 0;
    if (self->copy == NULL)
        return read_file(self, off, out, have, e);
    memcpy(out, self->copy + off, have);
    return 0;
}

static int make_copy(struct file_link *self, struct err *e)
{
    size_t room =
        self->len > self->link.info.size ? self->len : self->link.info.size;

    if (self->copy != NULL)
        return 0;
    if (self->mode != LINK_FILE_WRITE)
        return err_set(e, ERR_INTERNAL, "write to an image opened for reading");
    /* Only what is touched takes memory: the rest is the system's zero page. */
    self->copy = alloc_zeroed(room, 1);
    if (self->len != 0 && read_file(self, 0, self->copy, self->len, e) != 0) {
        free(self->copy);
        self->copy = NULL;
        return -1;
    }
    return 0;
}

/* The copy's bytes of this page; the copy grows to its end. */
static int page_of(struct file_link *self, uint32_t page, uint8_t **out,
                   struct err *e)
{
    size_t off = page - self->link.info.start;
    size_t end = off + self->link.info.page_size;

    if (make_copy(self, e) != 0)
        return -1;
    if (self->len < end) {
        memset(self->copy + self->len, ERASED, end - self->len);
        self->len = end;
    }
    *out = self->copy + off;
    return 0;
}

static void clear_bits(uint8_t *bytes, const uint8_t *data, uint32_t len)
{
    /* As flash does it: a plan that forgot to erase fails its verification. */
    for (uint32_t i = 0; i < len; i++)
        bytes[i] &= data[i];
}

static int file_erase(struct link *link, uint32_t page, struct err *e)
{
    uint8_t *bytes;

    if (page_of(self_of(link), page, &bytes, e) != 0)
        return -1;
    memset(bytes, ERASED, link->info.page_size);
    return 0;
}

static int file_program(struct link *link, uint32_t page, const uint8_t *data,
                        struct err *e)
{
    uint8_t *bytes;

    if (page_of(self_of(link), page, &bytes, e) != 0)
        return -1;
    clear_bits(bytes, data, link->info.page_size);
    return 0;
}

static int in_use(const struct file_link *self, struct err *e)
{
    err_set(e, ERR_CONNECT, "flash image '%s' is in use by another command",
            self->path);
    return err_hint(e, "wait until that command has ended, then repeat this");
}

/* Was the file that is open replaced by another one meanwhile? */
static bool is_stale(const struct file_link *self)
{
    struct stat at_path, is_open;

    return stat(self->path, &at_path) != 0 || fstat(self->fd, &is_open) != 0 ||
           at_path.st_ino != is_open.st_ino || at_path.st_dev != is_open.st_dev;
}

/* Makes the file that was missing, unless somebody else has done so: what was
 * read is not what is there then. */
static int create_file(struct file_link *self, struct err *e)
{
    struct stat info;

    self->fd = open(self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (self->fd < 0)
        return cannot("create", self->path, e);
    if ((flock(self->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) ||
        is_stale(self) || fstat(self->fd, &info) != 0 || info.st_size != 0)
        return in_use(self, e);
    return 0;
}

static void remove_file(const struct file_link *self)
{
    char *real = realpath(self->path, NULL);

    if (real != NULL)
        unlink(real);
    free(real);
}

static int file_finish(struct link *link, struct err *e)
{
    struct file_link *self = self_of(link);
    bool is_new = self->fd < 0;

    if (self->copy == NULL)
        return 0;
    if (is_new && create_file(self, e) != 0)
        return -1;
    if (file_write(self->path, self->copy, self->len, FILE_ATOMIC, e) == 0)
        return 0;
    if (is_new)
        remove_file(self);
    return -1;
}

/* --- in place ------------------------------------------------------------- */

/* Writes [off, off + len) of the file. */
static int write_file(struct file_link *self, size_t off, const uint8_t *bytes,
                      size_t len, struct err *e)
{
    while (len != 0) {
        ssize_t done = pwrite(self->fd, bytes, len, (off_t)off);

        if (done < 0 && errno != EINTR) {
            err_set(e, ERR_DEVICE, "cannot write flash image '%s': %s",
                    self->path, strerror(errno));
            return err_hint(e, "repeat the command when the file can be "
                               "written again");
        }
        if (done > 0) {
            bytes += done;
            off += (size_t)done;
            len -= (size_t)done;
        }
    }
    return 0;
}

/* Makes the file, and makes it longer by erased bytes, so that it has end. */
static int reach(struct file_link *self, size_t end, struct err *e)
{
    uint8_t erased[4096];

    if (self->fd < 0 && create_file(self, e) != 0)
        return -1;
    memset(erased, ERASED, sizeof erased);
    while (self->len < end) {
        size_t step = end - self->len;

        if (step > sizeof erased)
            step = sizeof erased;
        if (write_file(self, self->len, erased, step, e) != 0)
            return -1;
        self->len += step;
    }
    return 0;
}

static int in_place_erase(struct link *link, uint32_t page, struct err *e)
{
    struct file_link *self = self_of(link);
    size_t off = page - link->info.start;
    uint32_t size = link->info.page_size;
    uint8_t *erased = alloc_resize(NULL, size, 1);
    int result;

    memset(erased, ERASED, size);
    result = reach(self, off + size, e);
    if (result == 0)
        result = write_file(self, off, erased, size, e);
    free(erased);
    return result;
}

static int in_place_program(struct link *link, uint32_t page,
                            const uint8_t *data, struct err *e)
{
    struct file_link *self = self_of(link);
    size_t off = page - link->info.start;
    uint32_t size = link->info.page_size;
    uint8_t *bytes = alloc_resize(NULL, size, 1);
    int result;

    result = reach(self, off + size, e);
    if (result == 0)
        result = read_file(self, off, bytes, size, e);
    clear_bits(bytes, data, result == 0 ? size : 0);
    if (result == 0)
        result = write_file(self, off, bytes, size, e);
    free(bytes);
    return result;
}

static int in_place_finish(struct link *link, struct err *e)
{
    (void)link;
    (void)e;
    return 0;
}

static void file_close(struct link *link)
{
    struct file_link *self = self_of(link);

    if (self->fd >= 0)
        close(self->fd);
    free(self->copy);
    free(self->path);
    free(self);
}

/* Opens the file if there is one; a missing one leaves fd at -1. */
static int open_file(struct file_link *self, struct err *e)
{
    int access = self->mode == LINK_FILE_IN_PLACE ? O_RDWR : O_RDONLY;
    struct stat info;

    self->fd = open(self->path, access | O_CLOEXEC | O_NONBLOCK);
    if (self->fd < 0 && errno == ENOENT)
        return 0;
    if (self->fd < 0)
        return cannot("open", self->path, e);
    if (fstat(self->fd, &info) != 0)
        return cannot("read", self->path, e);
    if (!S_ISREG(info.st_mode))
        return err_set(e, ERR_INPUT, "flash image '%s' is no regular file",
                       self->path);
    if (info.st_size < 0 || (uintmax_t)info.st_size > MAX_FILE)
        return err_set(e, ERR_INPUT,
                       "flash image '%s' is longer than any board's flash",
                       self->path);
    self->len = (size_t)info.st_size;
    return 0;
}

/* Opens and locks the file that is at path at that moment. */
static int open_locked(struct file_link *self, struct err *e)
{
    for (unsigned tries = 0; tries < LOCK_TRIES && !interrupt_pending();
         tries++) {
        if (open_file(self, e) != 0)
            return -1;
        if (self->fd < 0)
            return 0;
        bool is_locked = flock(self->fd, LOCK_EX | LOCK_NB) == 0;
        if (!is_locked && errno != EWOULDBLOCK && errno != EINTR)
            return 0; /* a file system without locks */
        if (is_locked && !is_stale(self))
            return 0;
        close(self->fd);
        self->fd = -1;
        self->len = 0;
        if (!is_locked)
            usleep(LOCK_STEP_US);
    }
    if (interrupt_pending())
        return err_set(e, ERR_INTERRUPT, "interrupted, nothing was written");
    return in_use(self, e);
}

static const struct link_ops file_ops = {
    .read = file_read_flash,
    .erase = file_erase,
    .program = file_program,
    .finish = file_finish,
    .close = file_close,
};

static const struct link_ops in_place_ops = {
    .read = file_read_flash,
    .erase = in_place_erase,
    .program = in_place_program,
    .finish = in_place_finish,
    .close = file_close,
};

struct link *link_file_open(const struct board *board, const char *path,
                            enum link_file_mode mode, struct err *e)
{
    struct file_link *self = alloc_zeroed(1, sizeof *self);

    self->link.ops = mode == LINK_FILE_IN_PLACE ? &in_place_ops : &file_ops;
    self->link.info = (struct link_info){
        .start = board->flash.start,
        .size = board->flash.size,
        .page_size = board->page_size,
        .write_unit = 4,
        .is_atomic = mode != LINK_FILE_IN_PLACE,
    };
    snprintf(self->link.name, sizeof self->link.name, "%s", path);
    self->mode = mode;
    self->path = alloc_string(path, strlen(path));
    self->fd = -1;
    int result =
        mode == LINK_FILE_READ ? open_file(self, e) : open_locked(self, e);
    if (result != 0) {
        file_close(&self->link);
        return NULL;
    }
    return &self->link;
}
