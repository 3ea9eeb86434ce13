/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "rng.h"

#include "capsule/buffer.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/upcall.h"

enum { CMD_EXISTS = 0, CMD_FILL = 1 };
enum { UPCALL_FILLED = 0 };
enum { BUFFER = 0 };

/* The request of one process. */
struct rng_grant {
    uint32_t len;  /* bytes asked for */
    uint32_t done; /* bytes written   */
    bool is_pending;
};

static uint32_t min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static void finish(const struct rng *self, struct process *process,
                   struct rng_grant *request, enum tock_error status)
{
    request->is_pending = false;
    upcall_schedule(&self->driver, process, UPCALL_FILLED, status,
                    request->done, 0);
}

/* What is still to be written; the buffer may have become shorter. */
static uint32_t bytes_left(const struct rng *self,
                           const struct process *process,
                           const struct rng_grant *request)
{
    uint32_t end =
        min(request->len, buffer_writable_len(&self->driver, process, BUFFER));

    return end > request->done ? end - request->done : 0;
}

static bool start_chunk(struct rng *self, struct process *process,
                        struct rng_grant *request)
{
    struct span chunk = {self->chunk, sizeof(self->chunk)};

    chunk = span_part(chunk, 0, bytes_left(self, process, request));
    if (chunk.len == 0) {
        finish(self, process, request, TOCK_OK);
        return false;
    }
    if (self->generator->ops->fill(self->generator, chunk) != TOCK_OK) {
        finish(self, process, request, TOCK_FAIL);
        return false;
    }
    self->owner = process_ref(process);
    self->chunk_len = chunk.len;
    self->is_filling = true;
    return true;
}

static bool step(struct work *work, struct process *process)
{
    struct rng *self = CAPSULE_SELF(struct rng, work, work);
    struct grant grant;
    bool has_started = false;

    if (self->is_filling ||
        grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return false;

    struct rng_grant *request = GRANT_DATA(&grant, struct rng_grant);

    if (request->is_pending)
        has_started = start_chunk(self, process, request);
    grant_leave(&grant);
    return has_started;
}

static void note_filled(struct rng *self, struct process *process,
                        struct rng_grant *request, enum tock_error status)
{
    struct span chunk = span_part(
        (struct span){self->chunk, sizeof(self->chunk)}, 0, self->chunk_len);

    chunk = span_part(chunk, 0, bytes_left(self, process, request));
    if (status == TOCK_OK)
        request->done += buffer_writable_put(&self->driver, process, BUFFER,
                                             request->done, chunk);
    if (status != TOCK_OK)
        finish(self, process, request, TOCK_FAIL);
    else if (bytes_left(self, process, request) == 0)
        finish(self, process, request, TOCK_OK);
}

static void filled(struct hil_rng_client *client, enum tock_error status)
{
    struct rng *self = CAPSULE_SELF(struct rng, client, client);
    struct process *process = process_find(self->owner);
    struct grant grant;

    self->is_filling = false;
    if (process != NULL &&
        grant_enter_existing(&self->driver, process, &grant) == TOCK_OK) {
        struct rng_grant *request = GRANT_DATA(&grant, struct rng_grant);

        if (request->is_pending)
            note_filled(self, process, request, status);
        grant_leave(&grant);
    }
    work_begin(&self->work);
}

static enum tock_error begin(struct rng *self, struct process *caller,
                             uint32_t len)
{
    struct grant grant;
    enum tock_error error = grant_enter(&self->driver, caller, &grant);

    if (error != TOCK_OK)
        return error;

    struct rng_grant *request = GRANT_DATA(&grant, struct rng_grant);

    *request = (struct rng_grant){.len = len, .is_pending = true};
    if (bytes_left(self, caller, request) == 0)
        finish(self, caller, request, TOCK_OK);
    else
        work_begin(&self->work);
    grant_leave(&grant);
    return TOCK_OK;
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct rng *self = CAPSULE_SELF(struct rng, driver, driver);

    (void)arg1;
    switch (number) {
    case CMD_EXISTS:
        return command_success();
    case CMD_FILL:
        return command_status(begin(self, caller, arg0));
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

void rng_init(struct rng *self, struct hil_rng *generator)
{
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {
        .upcalls = 1,
        .writable = 1,
        .size = sizeof(struct rng_grant),
    };
    static const struct hil_rng_client_ops client_ops = {.filled = filled};

    *self = (struct rng){
        .driver = {.ops = &ops, .grant = &layout},
        .client = {&client_ops},
        .work = work_make(step),
        .generator = generator,
    };
    generator->client = &self->client;
}
