/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * A library to preload: makes the writes to a flash image go wrong.
 *
 *   FAULT=fail:N   the N-th pwrite (from 1) and all later ones fail (EIO)
 *   FAULT=lie:N    of each of them the first byte that would change stays
 *   FAULT=die:N    the process is gone in the middle of the N-th pwrite
 *   FAULT=stop:N   the process gets a SIGTERM before the N-th pwrite
 *
 * Only tockloader-c's image that is changed in place is written by pwrite.
 */

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef ssize_t write_function(int, const void *, size_t, off_t);

static unsigned long count;

static int is_turn(const char *kind, int and_later)
{
    const char *fault = getenv("FAULT");
    size_t len = strlen(kind);
    unsigned long wanted;

    if (fault == NULL || strncmp(fault, kind, len) != 0 || fault[len] != ':')
        return 0;
    wanted = strtoul(fault + len + 1, NULL, 10);
    return and_later ? count >= wanted : count == wanted;
}

static ssize_t faulty_write(int fd, const void *bytes, size_t len, off_t off)
{
    write_function *real;
    void *symbol = dlsym(RTLD_NEXT, "pwrite");

    memcpy(&real, &symbol, sizeof real);
    count++;
    if (is_turn("fail", 1)) {
        errno = EIO;
        return -1;
    }
    if (is_turn("stop", 0))
        raise(SIGTERM);
    if (is_turn("die", 0)) {
        (void)real(fd, bytes, len / 2, off);
        raise(SIGKILL);
    }
    if (len != 0 && is_turn("lie", 1)) {
        char *old = calloc(len, 1);
        const char *new = bytes;
        size_t at = 0;

        (void)!pread(fd, old, len, off);
        while (at < len - 1 && old[at] == new[at])
            at++;
        memcpy(old + at + 1, new + at + 1, len - at - 1);
        ssize_t done = real(fd, old, len, off);
        free(old);
        return done;
    }
    return real(fd, bytes, len, off);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t off)
{
    return faulty_write(fd, bytes, len, off);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t off)
{
    return faulty_write(fd, bytes, len, off);
}
