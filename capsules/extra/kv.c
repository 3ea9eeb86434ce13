/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "kv.h"

#include "base/le.h"
#include "capsule/buffer.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/storage.h"
#include "capsule/upcall.h"

#include <stdbool.h>

enum {
    CMD_EXISTS = 0,
    CMD_GET = 1,
    CMD_SET = 2,
    CMD_DELETE = 3,
    CMD_ADD = 4,
    CMD_UPDATE = 5,
    CMD_COLLECT = 6,
};

enum { UPCALL_DONE = 0 };
enum { BUFFER_KEY = 0, BUFFER_VALUE = 1 };
enum { BUFFER_OUTPUT = 0 };

/* Of the bytes before a value. */
enum { VERSION_AT = 0, LENGTH_AT = 1, OWNER_AT = 5 };
enum { VERSION = 0 };

/* What one process wants; 0: nothing. */
struct kv_grant {
    uint32_t command;
};

/* A value in the database that has the nine bytes; else it is nobody's. */
struct found {
    bool is_there;
    uint32_t owner;
    uint32_t len;
};

static bool has_value(uint32_t command)
{
    return command == CMD_SET || command == CMD_ADD || command == CMD_UPDATE;
}

/* --- the store ----------------------------------------------------------- */

static void begin(struct kv *self, enum kv_phase phase)
{
    self->phase = phase;
    deferred_set_background(&self->background);
}

static void mount(struct kv *self)
{
    tickv_mount(&self->store);
    begin(self, KV_MOUNTS);
}

/* What the store needs before its next step. */
static void carry_out(struct kv *self, enum tickv_turn turn)
{
    const struct tickv_order *order = &self->store.order;
    enum tock_error error;

    if (turn == TICKV_PROGRAM)
        error =
            self->flash->ops->program(self->flash, order->offset, order->bytes);
    else
        error = self->flash->ops->erase(self->flash, order->offset);
    if (error == TOCK_OK)
        return;
    tickv_flash_done(&self->store, false);
    deferred_set_background(&self->background);
}

static void flash_done(struct hil_flash_client *client, enum tock_error status)
{
    struct kv *self = CAPSULE_SELF(struct kv, client, client);

    tickv_flash_done(&self->store, status == TOCK_OK);
    deferred_set_background(&self->background);
}

static bool read(struct tickv_flash *area, uint32_t offset, struct span into)
{
    struct kv *self = CAPSULE_SELF(struct kv, area, area);

    return self->flash->ops->read(self->flash, offset, into) == TOCK_OK;
}

/* --- requests ------------------------------------------------------------ */

static void tell(struct kv *self, struct process *process,
                 enum tock_error status, uint32_t len)
{
    struct grant grant;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return;
    GRANT_DATA(&grant, struct kv_grant)->command = 0;
    upcall_schedule(&self->driver, process, UPCALL_DONE, status, len, 0);
    grant_leave(&grant);
}

/* The request under way is over. After a failure the store is mounted anew:
 * what the flash holds then is not known. */
static void finish(struct kv *self, enum tock_error status, uint32_t len)
{
    struct process *process = process_find(self->owner);

    if (process != NULL)
        tell(self, process, status, len);
    if (status == TOCK_FAIL)
        mount(self);
    else
        begin(self, KV_IDLE);
}

static enum tock_error error_of(enum tickv_status status)
{
    switch (status) {
    case TICKV_OK:
        return TOCK_OK;
    case TICKV_NOT_FOUND:
    case TICKV_PRESENT:
    case TICKV_RESERVED:
        return TOCK_NOSUPPORT;
    case TICKV_FULL:
        return TOCK_NOMEM;
    case TICKV_TOO_LONG:
        return TOCK_SIZE;
    default:
        return TOCK_FAIL;
    }
}

static void changed(struct kv *self)
{
    finish(self, error_of(self->store.status), 0);
}

static struct found look_at(const struct kv *self)
{
    uint8_t bytes[KV_HEADER];
    struct found found = {0};

    if (self->store.status != TICKV_OK)
        return found;
    found.is_there = true;
    if (!tickv_value_read(&self->store, 0,
                          (struct span){bytes, sizeof(bytes)}) ||
        bytes[VERSION_AT] != VERSION)
        return found;
    found.len = le32_load(&bytes[LENGTH_AT]);
    if (found.len <= tickv_value_len(&self->store) - KV_HEADER)
        found.owner = le32_load(&bytes[OWNER_AT]);
    return found;
}

/* Copies the value to the app, as far as its buffer has room. */
static enum tock_error deliver(struct kv *self, const struct process *process,
                               uint32_t len)
{
    struct span bytes = {self->bytes, sizeof(self->bytes)};
    uint32_t done = 0;

    while (done < len) {
        struct span piece = span_part(bytes, 0, len - done);
        uint32_t count;

        if (!tickv_value_read(&self->store, KV_HEADER + done, piece))
            return TOCK_FAIL;
        count = buffer_writable_put(&self->driver, process, BUFFER_OUTPUT, done,
                                    piece);
        if (count < piece.len)
            return TOCK_SIZE;
        done += count;
    }
    return TOCK_OK;
}

static void get(struct kv *self, const struct process *process,
                const struct found *found)
{
    enum tock_error status;

    if (!found->is_there || !storage_may_read(process, found->owner)) {
        finish(self, TOCK_NOSUPPORT, 0);
        return;
    }
    status = deliver(self, process, found->len);
    finish(self, status, status == TOCK_FAIL ? 0 : found->len);
}

static bool may_change(const struct kv *self, const struct process *process,
                       const struct found *found)
{
    bool wants_none = self->command == CMD_ADD;

    if (self->command == CMD_SET && !found->is_there)
        return true;
    return found->is_there != wants_none &&
           (wants_none || storage_may_modify(process, found->owner));
}

/* What the key has now is known. */
static void got(struct kv *self)
{
    const struct process *process = process_find(self->owner);
    struct found found = look_at(self);

    if (self->store.status == TICKV_FLASH) {
        finish(self, TOCK_FAIL, 0);
    } else if (process == NULL) {
        finish(self, TOCK_OK, 0);
    } else if (self->command == CMD_GET) {
        get(self, process, &found);
    } else if (!may_change(self, process, &found)) {
        finish(self, TOCK_NOSUPPORT, 0);
    } else {
        if (self->command == CMD_DELETE)
            tickv_invalidate(&self->store, self->key);
        else
            tickv_set(&self->store, self->key, self->value);
        begin(self, KV_CHANGES);
    }
}

/* --- turns ---------------------------------------------------------------- */

static enum tock_error check_key(const struct kv *self,
                                 const struct process *process)
{
    uint32_t len = buffer_readonly_len(&self->driver, process, BUFFER_KEY);

    if (len == 0)
        return TOCK_RESERVE;
    return len <= KV_MAX_KEY ? TOCK_OK : TOCK_SIZE;
}

static enum tock_error check_value(const struct kv *self,
                                   const struct process *process)
{
    return buffer_readonly_len(&self->driver, process, BUFFER_VALUE) <=
                   KV_MAX_VALUE
               ? TOCK_OK
               : TOCK_SIZE;
}

static enum tock_error check(const struct kv *self,
                             const struct process *process, uint32_t command)
{
    enum tock_error error = TOCK_OK;

    if ((has_value(command) || command == CMD_COLLECT) &&
        storage_write_id(process) == 0)
        return TOCK_INVAL;
    if (command != CMD_COLLECT)
        error = check_key(self, process);
    if (error == TOCK_OK && has_value(command))
        error = check_value(self, process);
    return error;
}

static void take_key(struct kv *self, const struct process *process)
{
    uint8_t bytes[KV_MAX_KEY];
    struct span key = {bytes, sizeof(bytes)};
    uint32_t len =
        buffer_readonly_get(&self->driver, process, BUFFER_KEY, 0, key);

    self->key = tickv_hash(span_part(key, 0, len));
}

static void take_value(struct kv *self, const struct process *process)
{
    struct span bytes = {self->bytes, sizeof(self->bytes)};
    uint32_t len =
        buffer_readonly_get(&self->driver, process, BUFFER_VALUE, 0,
                            span_part(bytes, KV_HEADER, KV_MAX_VALUE));

    self->bytes[VERSION_AT] = VERSION;
    le32_store(&self->bytes[LENGTH_AT], len);
    le32_store(&self->bytes[OWNER_AT], storage_write_id(process));
    self->value = span_part(bytes, 0, KV_HEADER + len);
}

/* Begins what this process wants; false: nothing is under way. */
static bool serve(struct kv *self, struct process *process, uint32_t command)
{
    enum tock_error error = check(self, process, command);

    self->last_slot = process_slot(process);
    if (error != TOCK_OK) {
        tell(self, process, error, 0);
        return false;
    }
    self->owner = process_ref(process);
    self->command = command;
    if (command == CMD_COLLECT) {
        tickv_collect(&self->store);
        begin(self, KV_CHANGES);
        return true;
    }
    take_key(self, process);
    if (has_value(command))
        take_value(self, process);
    tickv_get(&self->store, self->key);
    begin(self, KV_GETS);
    return true;
}

static uint32_t wanted(const struct kv *self, struct process *process)
{
    struct grant grant;
    uint32_t command;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return 0;
    command = GRANT_DATA(&grant, struct kv_grant)->command;
    grant_leave(&grant);
    return command;
}

/* One of the processes behind the last one's slot, or one of the others. */
static bool serve_one(struct kv *self, bool is_behind)
{
    struct process *process = process_next(NULL);
    uint32_t last = self->last_slot;

    for (; process != NULL; process = process_next(process)) {
        uint32_t command = wanted(self, process);

        if (command != 0 && (process_slot(process) > last) == is_behind &&
            serve(self, process, command))
            return true;
    }
    return false;
}

static void next(struct kv *self)
{
    if (!serve_one(self, true))
        (void)serve_one(self, false);
}

/* The store's operation is over. */
static void go_on(struct kv *self)
{
    if (self->phase == KV_GETS)
        got(self);
    else if (self->phase == KV_CHANGES)
        changed(self);
    else
        begin(self, KV_IDLE);
}

static void run(struct deferred *background)
{
    struct kv *self = CAPSULE_SELF(struct kv, background, background);
    enum tickv_turn turn;

    if (self->phase == KV_UNUSED) {
        mount(self);
        return;
    }
    if (self->phase == KV_IDLE) {
        next(self);
        return;
    }
    turn = tickv_step(&self->store);
    if (turn == TICKV_AGAIN)
        deferred_set_background(&self->background);
    else if (turn != TICKV_DONE)
        carry_out(self, turn);
    else
        go_on(self);
}

static enum tock_error request(struct kv *self, struct process *caller,
                               uint32_t command)
{
    struct grant grant;
    enum tock_error error = check(self, caller, command);

    if (error == TOCK_OK)
        error = grant_enter(&self->driver, caller, &grant);
    if (error != TOCK_OK)
        return error;

    struct kv_grant *mine = GRANT_DATA(&grant, struct kv_grant);

    if (mine->command != 0)
        error = TOCK_NOMEM;
    else
        mine->command = command;
    grant_leave(&grant);
    if (error == TOCK_OK &&
        (self->phase == KV_UNUSED || self->phase == KV_IDLE))
        deferred_set_background(&self->background);
    return error;
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct kv *self = CAPSULE_SELF(struct kv, driver, driver);

    (void)arg0;
    (void)arg1;
    if (number == CMD_EXISTS)
        return command_success();
    if (number > CMD_COLLECT)
        return command_failure(TOCK_NOSUPPORT);
    return command_status(request(self, caller, number));
}

void kv_init(struct kv *self, struct hil_flash *flash)
{
    static const struct hil_flash_client_ops client_ops = {.done = flash_done};
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {
        .upcalls = 1,
        .readonly = 2,
        .writable = 1,
        .size = sizeof(struct kv_grant),
    };

    *self = (struct kv){
        .driver = {.ops = &ops, .grant = &layout},
        .client = {&client_ops},
        .area = {.read = read,
                 .region_size = flash->page_size,
                 .regions = flash->size / flash->page_size,
                 .unit = flash->unit},
        .flash = flash,
        .background = {.run = run},
    };
    flash->client = &self->client;
    tickv_init(&self->store, &self->area);
}
