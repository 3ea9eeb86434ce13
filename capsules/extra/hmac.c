/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hmac.h"

#include "capsule/buffer.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/upcall.h"
#include "sha2/hmac.h"

#include <stdbool.h>

enum {
    CMD_ALGORITHM = 0,
    CMD_RUN = 1,
    CMD_UPDATE = 2,
    CMD_FINISH = 3,
    CMD_VERIFY = 4,
    CMD_VERIFY_FINISH = 5,
};

enum { UPCALL_DONE = 0, UPCALL_VERIFIED = 1 };
enum { BUFFER_KEY = 0, BUFFER_DATA = 1, BUFFER_COMPARE = 2 };
enum { BUFFER_CODE = 2 };

/* What is to be done next for a process. */
enum phase {
    PHASE_IDLE,
    PHASE_KEY,
    PHASE_DATA,
    PHASE_CODE,
};

struct hmac_grant {
    struct hmac hmac;
    uint32_t kind_plus_one; /* enum sha2_kind; 0: none chosen     */
    uint32_t command;       /* that is under way                  */
    enum phase phase;
    uint32_t len;     /* bytes of the data                       */
    uint32_t done;    /* bytes taken of key or data              */
    bool has_message; /* command 2 has added to it               */
};

/* --- steps ---------------------------------------------------------------- */

static void finish(const struct hmac_driver *self, struct process *process,
                   struct hmac_grant *request, enum tock_error status,
                   bool is_equal)
{
    bool is_verify =
        request->command == CMD_VERIFY || request->command == CMD_VERIFY_FINISH;

    request->phase = PHASE_IDLE;
    if (request->command != CMD_UPDATE || status != TOCK_OK)
        request->has_message = false;
    upcall_schedule(&self->driver, process,
                    is_verify ? UPCALL_VERIFIED : UPCALL_DONE, status, is_equal,
                    0);
}

/* The next piece of a buffer of len bytes; len 0 if it has become shorter. */
static struct span next_piece(struct hmac_driver *self,
                              const struct process *process, uint32_t buffer,
                              const struct hmac_grant *request, uint32_t len)
{
    struct span piece =
        span_part((struct span){self->piece, sizeof(self->piece)}, 0,
                  len - request->done);

    if (buffer_readonly_get(&self->driver, process, buffer, request->done,
                            piece) < piece.len)
        return (struct span){0};
    return piece;
}

static void begin_data(struct hmac_driver *self, const struct process *process,
                       struct hmac_grant *request)
{
    request->phase = PHASE_DATA;
    request->len = buffer_readonly_len(&self->driver, process, BUFFER_DATA);
    request->done = 0;
}

static void add_key(struct hmac_driver *self, struct process *process,
                    struct hmac_grant *request)
{
    struct span piece =
        next_piece(self, process, BUFFER_KEY, request, request->hmac.key_len);

    if (piece.len == 0) {
        finish(self, process, request, TOCK_SIZE, false);
        return;
    }
    request->done += piece.len;
    if (hmac_add_key(&request->hmac, piece))
        begin_data(self, process, request);
}

static void end_data(const struct hmac_driver *self, struct process *process,
                     struct hmac_grant *request)
{
    if (request->command == CMD_UPDATE) {
        request->has_message = true;
        finish(self, process, request, TOCK_OK, false);
    } else {
        request->phase = PHASE_CODE;
    }
}

static void add_data(struct hmac_driver *self, struct process *process,
                     struct hmac_grant *request)
{
    struct span piece;

    if (request->done == request->len) {
        end_data(self, process, request);
        return;
    }
    piece = next_piece(self, process, BUFFER_DATA, request, request->len);
    if (piece.len == 0) {
        finish(self, process, request, TOCK_SIZE, false);
        return;
    }
    hmac_add(&request->hmac, piece);
    request->done += piece.len;
    if (request->done == request->len)
        end_data(self, process, request);
}

/* Looks at every byte, whatever the first ones are. */
static bool is_equal(const struct hmac_driver *self,
                     const struct process *process, struct span code)
{
    uint8_t bytes[SHA2_MAX_DIGEST];
    struct span given =
        span_part((struct span){bytes, sizeof(bytes)}, 0, code.len);
    uint8_t differing = 0;

    if (buffer_readonly_len(&self->driver, process, BUFFER_COMPARE) !=
            code.len ||
        buffer_readonly_get(&self->driver, process, BUFFER_COMPARE, 0, given) !=
            code.len)
        return false;
    for (uint32_t i = 0; i < code.len; i++)
        differing |= span_get(given, i) ^ span_get(code, i);
    return differing == 0;
}

static void deliver(const struct hmac_driver *self, struct process *process,
                    struct hmac_grant *request)
{
    uint8_t bytes[SHA2_MAX_DIGEST];
    struct span code = span_part(
        (struct span){bytes, sizeof(bytes)}, 0,
        sha2_digest_len((enum sha2_kind)(request->kind_plus_one - 1)));

    hmac_finish(&request->hmac, code);
    if (request->command == CMD_VERIFY ||
        request->command == CMD_VERIFY_FINISH) {
        finish(self, process, request, TOCK_OK, is_equal(self, process, code));
        return;
    }
    finish(self, process, request,
           buffer_writable_put(&self->driver, process, BUFFER_CODE, 0, code) ==
                   0
               ? TOCK_NOMEM
               : TOCK_OK,
           false);
}

static void do_phase(struct hmac_driver *self, struct process *process,
                     struct hmac_grant *request)
{
    if (request->phase == PHASE_KEY)
        add_key(self, process, request);
    else if (request->phase == PHASE_DATA)
        add_data(self, process, request);
    else
        deliver(self, process, request);
}

static bool step(struct work *work, struct process *process)
{
    struct hmac_driver *self = CAPSULE_SELF(struct hmac_driver, work, work);
    struct grant grant;
    bool is_busy;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return false;

    struct hmac_grant *request = GRANT_DATA(&grant, struct hmac_grant);

    is_busy = request->phase != PHASE_IDLE;
    if (is_busy)
        do_phase(self, process, request);
    grant_leave(&grant);
    return is_busy;
}

/* --- commands ------------------------------------------------------------- */

static enum tock_error choose(struct hmac_grant *request, uint32_t algorithm)
{
    static const uint8_t kinds[] = {SHA2_256, SHA2_384, SHA2_512, SHA2_224};

    if (algorithm >= ARRAY_COUNT(kinds))
        return TOCK_NOSUPPORT;
    request->kind_plus_one = kinds[algorithm] + 1u;
    request->has_message = false;
    return TOCK_OK;
}

static enum tock_error begin_message(const struct hmac_driver *self,
                                     const struct process *caller,
                                     struct hmac_grant *request)
{
    uint32_t key_len = buffer_readonly_len(&self->driver, caller, BUFFER_KEY);

    if (request->kind_plus_one == 0)
        return TOCK_INVAL;
    if (key_len == 0)
        return TOCK_RESERVE;
    hmac_begin(&request->hmac, (enum sha2_kind)(request->kind_plus_one - 1),
               key_len);
    request->phase = PHASE_KEY;
    request->done = 0;
    return TOCK_OK;
}

static enum tock_error begin(struct hmac_driver *self, struct process *caller,
                             struct hmac_grant *request, uint32_t command)
{
    enum tock_error error = TOCK_OK;

    if (command == CMD_FINISH || command == CMD_VERIFY_FINISH) {
        if (!request->has_message)
            return TOCK_OFF;
        request->phase = PHASE_CODE;
    } else if (command == CMD_UPDATE && request->has_message) {
        begin_data(self, caller, request);
    } else {
        request->has_message = false;
        error = begin_message(self, caller, request);
    }
    if (error != TOCK_OK)
        return error;
    request->command = command;
    work_begin(&self->work);
    return TOCK_OK;
}

static enum tock_error run(struct hmac_driver *self, struct process *caller,
                           uint32_t command, uint32_t argument)
{
    struct grant grant;
    enum tock_error error = grant_enter(&self->driver, caller, &grant);

    if (error != TOCK_OK)
        return error;

    struct hmac_grant *request = GRANT_DATA(&grant, struct hmac_grant);

    if (request->phase != PHASE_IDLE)
        error = TOCK_NOMEM;
    else if (command == CMD_ALGORITHM)
        error = choose(request, argument);
    else
        error = begin(self, caller, request, command);
    grant_leave(&grant);
    return error;
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct hmac_driver *self = CAPSULE_SELF(struct hmac_driver, driver, driver);

    (void)arg1;
    if (number > CMD_VERIFY_FINISH)
        return command_failure(TOCK_NOSUPPORT);
    return command_status(run(self, caller, number, arg0));
}

void hmac_init(struct hmac_driver *self)
{
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {
        .upcalls = 2,
        .readonly = 3,
        .writable = 3,
        .size = sizeof(struct hmac_grant),
    };

    *self = (struct hmac_driver){
        .driver = {.ops = &ops, .grant = &layout},
        .work = work_make(step),
    };
}
