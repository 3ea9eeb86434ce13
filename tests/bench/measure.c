/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * measure COMMAND [WORD]...
 *
 * Runs the command once, its output thrown away, and prints
 *
 *     user+system CPU µs <TAB> wall µs <TAB> peak memory KiB
 *
 * Small and static on purpose: Linux counts the memory of the process that
 * a program was started from as part of its peak, which would be Python's.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long micros(struct timeval t)
{
    return t.tv_sec * 1000000ll + t.tv_usec;
}

static long long now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000ll + t.tv_nsec / 1000;
}

static int start(char **words, pid_t *child)
{
    posix_spawn_file_actions_t actions;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
                                     O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                     O_WRONLY, 0);
    return posix_spawnp(child, words[0], &actions, NULL, words, environ);
}

int main(int argc, char **argv)
{
    struct rusage used;
    int status;
    pid_t child;

    if (argc < 2) {
        fputs("usage: measure COMMAND [WORD]...\n", stderr);
        return 2;
    }

    long long began = now();
    int failure = start(argv + 1, &child);
    if (failure != 0) {
        fprintf(stderr, "measure: %s: %s\n", argv[1], strerror(failure));
        return 1;
    }
    if (wait4(child, &status, 0, &used) != child || status != 0) {
        fprintf(stderr, "measure: %s failed\n", argv[1]);
        return 1;
    }
    printf("%lld\t%lld\t%ld\n", micros(used.ru_utime) + micros(used.ru_stime),
           now() - began, used.ru_maxrss);
    return 0;
}
