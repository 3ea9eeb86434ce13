/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Preloaded into the real program: ends it by SIGKILL at its KILL_AT-th write
 * to a flash image, of which the first KILL_PART 256ths are still done. With
 * KILL_LOG the number of writes is left in that file instead.
 */

#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef ssize_t pwrite_function(int fd, const void *bytes, size_t len,
                                off_t off);

static long number_of(const char *name, long otherwise)
{
    const char *text = getenv(name);

    return text != NULL ? strtol(text, NULL, 10) : otherwise;
}

static void log_count(long count)
{
    const char *path = getenv("KILL_LOG");
    FILE *file = path != NULL ? fopen(path, "w") : NULL;

    if (file == NULL)
        return;
    fprintf(file, "%ld\n", count);
    fclose(file);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t off)
{
    static long count;
    pwrite_function *real =
        (pwrite_function *)(uintptr_t)dlsym(RTLD_NEXT, "pwrite");

    if (++count == number_of("KILL_AT", 0)) {
        size_t part = len * (size_t)number_of("KILL_PART", 0) / 256;

        if (part == 0 || real(fd, bytes, part, off) >= 0)
            kill(getpid(), SIGKILL);
        abort();
    }
    log_count(count);
    return real(fd, bytes, len, off);
}
