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
    pid_t pid; /* 0 = it has ended, with status */
    int status;
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

/* In the child; does not return. The files may already have these numbers,
 * when we were started without a standard input or output: dup2 then leaves
 * them to be closed. */
static void become(const struct sign_key *key, enum sign_hash hash, int input,
                   int output)
{
    if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
        fcntl(STDIN_FILENO, F_SETFD, 0) != 0 ||
        fcntl(STDOUT_FILENO, F_SETFD, 0) != 0 ||
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

static bool has_ended(struct run *r)
{
    if (r->pid != 0 && waitpid(r->pid, &r->status, WNOHANG) == r->pid)
        r->pid = 0;
    return r->pid == 0;
}

/* What has come; 1 at its end, -1 if it is too long. */
static int read_some(struct run *r, struct err *e)
{
    uint8_t extra;
    bool is_full = r->len == r->room;
    ssize_t got = is_full ? read(r->answer, &extra, 1)
                          : read(r->answer, r->out + r->len, r->room - r->len);

    if (got > 0 && is_full)
        return err_set(e, ERR_INPUT,
                       "the command '%s' answers with more than %zu bytes",
                       r->key->command, r->room);
    if (got > 0)
        r->len += (size_t)got;
    if (got < 0 && errno != EINTR)
        return cannot(r->key, e);
    return got == 0;
}

/*
 * The answer ends with the file or with the command: one may leave something
 * running that keeps the file open. What was written before is there then, so
 * that the order of the two questions matters.
 */
static int read_answer(struct run *r, struct err *e)
{
    for (;;) {
        struct pollfd wait = {.fd = r->answer, .events = POLLIN};
        bool ended = has_ended(r);

        if (may_wait(r, e) != 0)
            return -1;
        int ready = poll(&wait, 1, ended ? 0 : NAP_MS);
        int result = ready > 0 ? read_some(r, e) : 0;

        if (result != 0)
            return result > 0 ? 0 : -1;
        if (ready == 0 && ended)
            return 0;
    }
}

static int await_end(struct run *r, struct err *e)
{
    const struct timespec nap = {0, 1000000};

    while (!has_ended(r)) {
        if (may_wait(r, e) != 0)
            return -1;
        nanosleep(&nap, NULL);
    }
    return 0;
}

static int check_end(const struct run *r, struct err *e)
{
    int status = r->status;

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

    if (start(&r, hash, digest, e) != 0)
        return -1;
    int result = read_answer(&r, e);

    close(r.answer);
    if (result == 0)
        result = await_end(&r, e);
    if (r.pid != 0) {
        kill(r.pid, SIGKILL);
        waitpid(r.pid, NULL, 0);
    }
    if (result == 0)
        result = check_end(&r, e);
    *len = r.len;
    return result;
}
