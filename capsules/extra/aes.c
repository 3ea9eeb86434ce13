/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "aes.h"

#include "aes/ccm.h"
#include "capsule/buffer.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/upcall.h"

#include <stdbool.h>

enum {
    CMD_EXISTS = 0,
    CMD_MODE = 1,
    CMD_SET_UP = 2,
    CMD_CRYPT = 3,
    CMD_FINISH = 4,
    CMD_DATA_AT = 5,
    CMD_MESSAGE_AT = 6,
    CMD_TAG_LEN = 7,
    CMD_SECRET = 8,
};

enum { UPCALL_DONE = 0 };
enum { BUFFER_KEY = 0, BUFFER_VECTOR = 1, BUFFER_SOURCE = 2 };
enum { BUFFER_DESTINATION = 0 };

enum mode { MODE_NONE, MODE_CTR, MODE_CBC, MODE_ECB, MODE_CCM };

struct aes_grant {
    struct aes128 key;
    struct ccm state; /* CTR uses its ctr, CBC its mac for the chain */
    enum mode mode;
    bool is_encrypt;
    bool is_ready;    /* key and state are good  */
    bool is_pending;  /* the source is on its way */
    bool is_readable; /* CCM: the message stays  */
    uint32_t data_at;
    uint32_t message_at;
    uint32_t tag_len;
    uint32_t len;  /* of the source              */
    uint32_t end;  /* of what comes before a tag */
    uint32_t done; /* bytes treated              */
};

/* --- pieces --------------------------------------------------------------- */

static void finish(const struct aes *self, struct process *process,
                   struct aes_grant *request, enum tock_error status,
                   uint32_t length, bool is_valid)
{
    request->is_pending = false;
    if (status != TOCK_OK)
        request->is_ready = false;
    upcall_schedule(&self->driver, process, UPCALL_DONE, status, length,
                    is_valid);
}

static void treat_ccm(struct aes_grant *request, struct span piece)
{
    enum ccm_direction direction =
        request->is_encrypt ? CCM_ENCRYPT : CCM_DECRYPT;

    if (request->done >= request->message_at)
        ccm_crypt(&request->state, &request->key,
                  request->is_readable ? CCM_PLAIN : direction, piece);
    else if (request->done >= request->data_at)
        ccm_add_data(&request->state, &request->key, piece);
}

static void treat(struct aes_grant *request, struct span piece)
{
    switch (request->mode) {
    case MODE_CTR:
        aes_ctr(&request->key, &request->state.ctr, piece);
        break;
    case MODE_CBC:
        aes_cbc(&request->key, request->is_encrypt, &request->state.mac, piece);
        break;
    case MODE_ECB:
        aes_ecb(&request->key, request->is_encrypt, piece);
        break;
    case MODE_CCM:
        treat_ccm(request, piece);
        break;
    case MODE_NONE:
        break;
    }
}

/* No piece reaches over one of a frame's borders. */
static uint32_t piece_end(const struct aes_grant *request)
{
    if (request->mode == MODE_CCM && request->done < request->data_at)
        return request->data_at;
    if (request->mode == MODE_CCM && request->done < request->message_at)
        return request->message_at;
    return request->end;
}

/* Whether the tag behind the frame is this one; looks at all of it. */
static bool is_tag(const struct aes *self, const struct process *process,
                   const struct aes_grant *request, const struct aes_block *tag)
{
    struct aes_block given = {{0}};
    uint8_t differing = 0;
    struct span bytes = span_part(
        (struct span){given.bytes, sizeof(given.bytes)}, 0, request->tag_len);

    if (buffer_readonly_get(&self->driver, process, BUFFER_SOURCE, request->end,
                            bytes) < request->tag_len)
        return false;
    for (uint32_t i = 0; i < request->tag_len; i++)
        differing |= given.bytes[i] ^ tag->bytes[i];
    return request->tag_len != 0 && differing == 0;
}

static void end_ccm(const struct aes *self, struct process *process,
                    struct aes_grant *request)
{
    struct aes_block tag;
    struct span bytes = span_part((struct span){tag.bytes, sizeof(tag.bytes)},
                                  0, request->tag_len);
    uint32_t length = request->end;
    bool is_valid = false;

    ccm_tag(&request->state, &request->key, &tag);
    if (request->is_encrypt)
        length += buffer_writable_put(&self->driver, process,
                                      BUFFER_DESTINATION, length, bytes);
    else
        is_valid = is_tag(self, process, request, &tag);
    finish(self, process, request, TOCK_OK, length, is_valid);
}

static void end_source(const struct aes *self, struct process *process,
                       struct aes_grant *request)
{
    if (request->mode == MODE_CCM)
        end_ccm(self, process, request);
    else
        finish(self, process, request, TOCK_OK, request->end, false);
}

static void treat_piece(struct aes *self, struct process *process,
                        struct aes_grant *request)
{
    struct span piece =
        span_part((struct span){self->piece, sizeof(self->piece)}, 0,
                  piece_end(request) - request->done);
    uint32_t count = buffer_readonly_get(&self->driver, process, BUFFER_SOURCE,
                                         request->done, piece);

    if (count == piece.len) {
        treat(request, piece);
        count = buffer_writable_put(&self->driver, process, BUFFER_DESTINATION,
                                    request->done, piece);
        request->done += count;
    } else {
        count = 0;
    }
    if (count < piece.len || piece.len == 0)
        finish(self, process, request, TOCK_SIZE, request->done, false);
    else if (request->done == request->end)
        end_source(self, process, request);
}

static bool step(struct work *work, struct process *process)
{
    struct aes *self = CAPSULE_SELF(struct aes, work, work);
    struct grant grant;
    bool is_pending;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return false;

    struct aes_grant *request = GRANT_DATA(&grant, struct aes_grant);

    is_pending = request->is_pending;
    if (is_pending)
        treat_piece(self, process, request);
    grant_leave(&grant);
    return is_pending;
}

/* --- commands ------------------------------------------------------------- */

static enum tock_error choose(struct aes_grant *request, uint32_t mode,
                              uint32_t is_encrypt)
{
    static const uint8_t modes[] = {MODE_CTR, MODE_CBC, MODE_ECB, MODE_CCM};

    if (mode >= ARRAY_COUNT(modes))
        return TOCK_NOSUPPORT;
    request->mode = (enum mode)modes[mode];
    request->is_encrypt = is_encrypt != 0;
    request->is_ready = false;
    return TOCK_OK;
}

static enum tock_error read_block(const struct aes *self,
                                  const struct process *caller, uint32_t buffer,
                                  uint32_t least, struct aes_block *out)
{
    uint32_t len = buffer_readonly_len(&self->driver, caller, buffer);

    if (len == 0)
        return TOCK_RESERVE;
    if (len < least || len > AES_BLOCK)
        return TOCK_INVAL;
    *out = (struct aes_block){{0}};
    buffer_readonly_get(&self->driver, caller, buffer, 0,
                        (struct span){out->bytes, AES_BLOCK});
    return TOCK_OK;
}

/* Sets what is left of the source behind it: SIZE if it is no frame. */
static enum tock_error measure_frame(struct aes_grant *request)
{
    uint32_t tag_len = request->is_encrypt ? 0 : request->tag_len;

    if (request->len < tag_len)
        return TOCK_SIZE;
    request->end = request->len - tag_len;
    if (request->data_at > request->message_at ||
        request->message_at > request->end ||
        request->message_at - request->data_at > CCM_MAX_DATA ||
        request->end - request->message_at > CCM_MAX)
        return TOCK_SIZE;
    return TOCK_OK;
}

static enum tock_error measure(const struct aes *self,
                               const struct process *caller,
                               struct aes_grant *request)
{
    request->len = buffer_readonly_len(&self->driver, caller, BUFFER_SOURCE);
    request->end = request->len;
    request->done = 0;
    if (request->mode == MODE_CCM)
        return measure_frame(request);
    if (request->mode != MODE_CTR && request->len % AES_BLOCK != 0)
        return TOCK_SIZE;
    return TOCK_OK;
}

static void start(struct aes *self, struct process *caller,
                  struct aes_grant *request)
{
    request->is_pending = true;
    if (request->end == 0)
        end_source(self, caller, request);
    else
        work_begin(&self->work);
}

static void set_state(struct aes_grant *request, const struct aes_block *vector)
{
    const struct ccm_sizes sizes = {
        .data = request->message_at - request->data_at,
        .message = request->end - request->message_at,
        .tag = request->tag_len,
    };

    if (request->mode == MODE_CCM)
        ccm_begin(&request->state, &request->key, vector, &sizes);
    else
        request->state =
            (struct ccm){.mac = *vector, .ctr = {.counter = *vector}};
}

static enum tock_error set_up(struct aes *self, struct process *caller,
                              struct aes_grant *request)
{
    struct aes_block key;
    struct aes_block vector = {{0}};
    enum tock_error error;

    request->is_ready = false;
    if (request->mode == MODE_NONE)
        return TOCK_INVAL;
    error = read_block(self, caller, BUFFER_KEY, AES_BLOCK, &key);
    if (error == TOCK_OK && request->mode != MODE_ECB)
        error = read_block(self, caller, BUFFER_VECTOR,
                           request->mode == MODE_CCM ? CCM_NONCE : AES_BLOCK,
                           &vector);
    if (error == TOCK_OK)
        error = measure(self, caller, request);
    if (error != TOCK_OK)
        return error;
    aes128_init(&request->key, &key);
    set_state(request, &vector);
    request->is_ready = true;
    start(self, caller, request);
    return TOCK_OK;
}

static enum tock_error go_on(struct aes *self, struct process *caller,
                             struct aes_grant *request)
{
    enum tock_error error;

    if (!request->is_ready || request->mode == MODE_CCM)
        return TOCK_OFF;
    error = measure(self, caller, request);
    if (error == TOCK_OK)
        start(self, caller, request);
    return error;
}

static enum tock_error forget(struct aes_grant *request)
{
    bool was_ready = request->is_ready;

    request->is_ready = false;
    request->key = (struct aes128){0};
    request->state = (struct ccm){0};
    return was_ready ? TOCK_OK : TOCK_OFF;
}

static enum tock_error set_tag_len(struct aes_grant *request, uint32_t len)
{
    if (len % 2 != 0 || len == 2 || len > AES_BLOCK)
        return TOCK_INVAL;
    request->tag_len = len;
    return TOCK_OK;
}

static enum tock_error run(struct aes *self, struct process *caller,
                           struct aes_grant *request, uint32_t number,
                           uint32_t arg0, uint32_t arg1)
{
    if (request->is_pending)
        return TOCK_NOMEM;
    switch (number) {
    case CMD_MODE:
        return choose(request, arg0, arg1);
    case CMD_SET_UP:
        return set_up(self, caller, request);
    case CMD_CRYPT:
        return go_on(self, caller, request);
    case CMD_FINISH:
        return forget(request);
    case CMD_DATA_AT:
        request->data_at = arg0;
        return TOCK_OK;
    case CMD_MESSAGE_AT:
        request->message_at = arg0;
        return TOCK_OK;
    case CMD_TAG_LEN:
        return set_tag_len(request, arg0);
    default:
        request->is_readable = arg0 == 0;
        return TOCK_OK;
    }
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct aes *self = CAPSULE_SELF(struct aes, driver, driver);
    struct grant grant;
    enum tock_error error;

    if (number == CMD_EXISTS)
        return command_success();
    if (number > CMD_SECRET)
        return command_failure(TOCK_NOSUPPORT);
    error = grant_enter(driver, caller, &grant);
    if (error != TOCK_OK)
        return command_failure(error);
    error = run(self, caller, GRANT_DATA(&grant, struct aes_grant), number,
                arg0, arg1);
    grant_leave(&grant);
    return command_status(error);
}

void aes_init(struct aes *self)
{
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {
        .upcalls = 1,
        .readonly = 3,
        .writable = 1,
        .size = sizeof(struct aes_grant),
    };

    *self = (struct aes){
        .driver = {.ops = &ops, .grant = &layout},
        .work = work_make(step),
    };
}
