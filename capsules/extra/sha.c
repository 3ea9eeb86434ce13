/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "sha.h"

#include "capsule/buffer.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/upcall.h"
#include "sha2/sha2.h"

#include <stdbool.h>

enum { CMD_EXISTS = 0, CMD_ALGORITHM = 1, CMD_DIGEST = 2 };
enum { ALGORITHM_SHA_256 = 0 };
enum { UPCALL_DONE = 0 };
enum { BUFFER_DATA = 0, BUFFER_DIGEST = 0 };

/* The request of one process. */
struct sha_grant {
    struct sha2 sha2;
    uint32_t len;  /* bytes of the message */
    uint32_t done; /* bytes taken          */
    bool is_pending;
};

static void finish(const struct sha *self, struct process *process,
                   struct sha_grant *request, enum tock_error status)
{
    request->is_pending = false;
    upcall_schedule(&self->driver, process, UPCALL_DONE, status, 0, 0);
}

static void deliver(const struct sha *self, struct process *process,
                    struct sha_grant *request)
{
    uint8_t bytes[SHA_DIGEST];
    struct span digest = {bytes, sizeof(bytes)};
    enum tock_error status = TOCK_OK;

    sha2_finish(&request->sha2, digest);
    if (buffer_writable_len(&self->driver, process, BUFFER_DIGEST) !=
        digest.len)
        status = TOCK_NOMEM;
    else
        buffer_writable_put(&self->driver, process, BUFFER_DIGEST, 0, digest);
    finish(self, process, request, status);
}

static void add_piece(struct sha *self, struct process *process,
                      struct sha_grant *request)
{
    struct span piece =
        span_part((struct span){self->piece, sizeof(self->piece)}, 0,
                  request->len - request->done);
    uint32_t count = buffer_readonly_get(&self->driver, process, BUFFER_DATA,
                                         request->done, piece);

    sha2_add(&request->sha2, span_part(piece, 0, count));
    request->done += count;
    if (count < piece.len)
        finish(self, process, request, TOCK_SIZE);
    else if (request->done == request->len)
        deliver(self, process, request);
}

static bool step(struct work *work, struct process *process)
{
    struct sha *self = CAPSULE_SELF(struct sha, work, work);
    struct grant grant;
    bool is_pending;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return false;

    struct sha_grant *request = GRANT_DATA(&grant, struct sha_grant);

    is_pending = request->is_pending;
    if (is_pending)
        add_piece(self, process, request);
    grant_leave(&grant);
    return is_pending;
}

static enum tock_error begin(struct sha *self, struct process *caller)
{
    struct grant grant;
    enum tock_error error = grant_enter(&self->driver, caller, &grant);

    if (error != TOCK_OK)
        return error;

    struct sha_grant *request = GRANT_DATA(&grant, struct sha_grant);

    if (request->is_pending) {
        error = TOCK_NOMEM;
    } else {
        sha2_begin(&request->sha2, SHA2_256);
        request->len = buffer_readonly_len(&self->driver, caller, BUFFER_DATA);
        request->done = 0;
        request->is_pending = true;
        work_begin(&self->work);
    }
    grant_leave(&grant);
    return error;
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct sha *self = CAPSULE_SELF(struct sha, driver, driver);

    (void)arg1;
    switch (number) {
    case CMD_EXISTS:
        return command_success();
    case CMD_ALGORITHM:
        return command_status(arg0 == ALGORITHM_SHA_256 ? TOCK_OK
                                                        : TOCK_NOSUPPORT);
    case CMD_DIGEST:
        return command_status(begin(self, caller));
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

void sha_init(struct sha *self)
{
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {
        .upcalls = 1,
        .readonly = 1,
        .writable = 1,
        .size = sizeof(struct sha_grant),
    };

    *self = (struct sha){
        .driver = {.ops = &ops, .grant = &layout},
        .work = work_make(step),
    };
}
