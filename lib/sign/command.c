/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "command.h"

#include "host/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NAP_MS = 20 }; /* how often to look for Ctrl-C and the time */

/* A running command and what it has answered so far. */
struct run {
    const struct sign_key *key;
    pid_t pid;
    int answer; /* read end of its standard output */
    int64_t deadline;
    uint8_t *out;
    size_t room;
    size_t len;
};

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int cannot(const struct sign_key *key, struct err *e)
{
    return err_set(e, ERR_INPUT, "cannot run '%s': %s", key->command,
                   strerror(errno));
}

/* The digest as a file: a command that does not read it breaks no pipe. */
static int digest_file(const struct sign_digest *digest)
{
    int file = memfd_create("digest", MFD_CLOEXEC);

    if (file >= 0 &&
        (write(file, digest->bytes, digest->len) != (ssize_t)digest->len ||
         lseek(file, 0, SEEK_SET) != 0)) {
        close(file);
        return -1;
    }
    return file;
}

/* In the child; does not return. */
static void become(const struct sign_key *key, enum sign_hash hash, int input,
                   int output)
{
    if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
        setenv("SIGN_HASH", hash == SIGN_SHA256 ? "sha256" : "sha512", 1) !=
            0 ||
        setenv("SIGN_KEY", key->path, 1) != 0)
        _exit(126);
    execl("/bin/sh", "sh", "-c", key->command, (char *)NULL);
    _exit(127);
}

static int start(struct run *r, enum sign_hash hash,
                 const struct sign_digest *digest, struct err *e)
{
    int ends[2];
    int input = digest_file(digest);

    if (input < 0)
        return cannot(r->key, e);
    if (pipe2(ends, O_CLOEXEC) != 0) {
        close(input);
        return cannot(r->key, e);
    }
    r->pid = fork();
    if (r->pid == 0)
        become(r->key, hash, input, ends[1]);
    close(input);
    close(ends[1]);
    if (r->pid < 0) {
        close(ends[0]);
        return cannot(r->key, e);
    }
    r->answer = ends[0];
    return 0;
}

/* Not longer: stopped by the user, or out of time. */
static int may_wait(const struct run *r, struct err *e)
{
    if (interrupt_pending())
        return err_set(e, ERR_INTERRUPT, "interrupted");
    if (now_ms() >= r->deadline)
        return err_set(e, ERR_INPUT,
                       "the command '%s' did not answer within %u.%u s",
                       r->key->command, r->key->timeout_ms / 1000,
                       r->key->timeout_ms / 100 % 10);
    return 0;
}

/* 1 byte more than there is room for is a long answer. */
static int read_answer(struct run *r, struct err *e)
{
    for (;;) {
        struct pollfd wait = {.fd = r->answer, .events = POLLIN};
        uint8_t extra;
        bool is_full = r->len == r->room;

        if (may_wait(r, e) != 0)
            return -1;
        if (poll(&wait, 1, NAP_MS) <= 0)
            continue;
        ssize_t got = is_full
                          ? read(r->answer, &extra, 1)
                          : read(r->answer, r->out + r->len, r->room - r->len);

        if (got == 0)
            return 0;
        if (got > 0 && is_full)
            return err_set(e, ERR_INPUT,
                           "the command '%s' answers with more than %zu bytes",
                           r->key->command, r->room);
        if (got > 0)
            r->len += (size_t)got;
        else if (errno != EINTR && errno != EAGAIN)
            return cannot(r->key, e);
    }
}

static int await_end(struct run *r, int *status, struct err *e)
{
    const struct timespec nap = {0, 1000000};
    pid_t ended;

    while ((ended = waitpid(r->pid, status, WNOHANG)) == 0) {
        if (may_wait(r, e) != 0)
            return -1;
        nanosleep(&nap, NULL);
    }
    if (ended < 0)
        return cannot(r->key, e);
    r->pid = 0;
    return 0;
}

static int check_end(const struct run *r, int status, struct err *e)
{
    if (WIFSIGNALED(status))
        return err_set(e, ERR_INPUT, "the command '%s' was ended by signal %d",
                       r->key->command, WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return err_set(e, ERR_INPUT, "the command '%s' failed with status %d",
                       r->key->command, WEXITSTATUS(status));
    return 0;
}

int command_run(const struct sign_key *key, enum sign_hash hash,
                const struct sign_digest *digest, uint8_t *out, size_t room,
                size_t *len, struct err *e)
{
    struct run r = {
        .key = key,
        .deadline = now_ms() + key->timeout_ms,
        .out = out,
        .room = room,
    };
    int status = 0;

    if (start(&r, hash, digest, e) != 0)
        return -1;
    int result = read_answer(&r, e);

    close(r.answer);
    if (result == 0)
        result = await_end(&r, &status, e);
    if (r.pid != 0) {
        kill(r.pid, SIGKILL);
        waitpid(r.pid, NULL, 0);
    }
    if (result == 0)
        result = check_end(&r, status, e);
    *len = r.len;
    return result;
}
