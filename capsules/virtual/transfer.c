/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "transfer.h"

#include "capsule/buffer.h"
#include "capsule/grant.h"
#include "capsule/self.h"

enum { BUFFER = 0 };

static uint32_t min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static void end(struct transfers *self, struct process *process,
                struct transfer *transfer, enum tock_error status)
{
    enum transfer_kind kind = transfer->kind;

    transfer->kind = TRANSFER_NONE;
    self->ended(self, process, transfer, kind, status);
}

/* count of the len bytes that were tried are done. */
static void proceed(struct transfers *self, struct process *process,
                    struct transfer *transfer, uint32_t count, uint32_t len)
{
    transfer->done += count;
    if (count < len || transfer->done == transfer->len)
        end(self, process, transfer, TOCK_OK);
}

/* --- pieces --------------------------------------------------------------- */

static uint32_t piece_len(const struct transfers *self,
                          const struct transfer *transfer)
{
    return min(
        transfer->len - transfer->done,
        page_writer_piece(&self->area, transfer->offset + transfer->done));
}

static void read_piece(struct transfers *self, struct process *process,
                       struct transfer *transfer)
{
    struct span piece =
        span_part((struct span){self->piece, sizeof(self->piece)}, 0,
                  piece_len(self, transfer));

    if (page_writer_read(&self->area, transfer->offset + transfer->done,
                         piece) != TOCK_OK) {
        end(self, process, transfer, TOCK_FAIL);
        return;
    }
    proceed(self, process, transfer,
            buffer_writable_put(self->driver, process, BUFFER, transfer->done,
                                piece),
            piece.len);
}

static void write_piece(struct transfers *self, struct process *process,
                        struct transfer *transfer)
{
    self->owner = process_ref(process);
    self->at = transfer->done;
    self->patched = 0;
    self->is_writing =
        page_writer_write(&self->area, transfer->offset + transfer->done,
                          piece_len(self, transfer)) == TOCK_OK;
    if (!self->is_writing)
        end(self, process, transfer, TOCK_FAIL);
}

static bool do_piece(struct transfers *self, struct process *process,
                     struct transfer *transfer)
{
    if (transfer->kind == TRANSFER_READ)
        read_piece(self, process, transfer);
    else if (transfer->kind == TRANSFER_WRITE && !self->is_writing)
        write_piece(self, process, transfer);
    else
        return false;
    return true;
}

static bool step(struct work *work, struct process *process)
{
    struct transfers *self = CAPSULE_SELF(struct transfers, work, work);
    struct grant grant;
    bool has_worked;

    if (grant_enter_existing(self->driver, process, &grant) != TOCK_OK)
        return false;
    has_worked = do_piece(self, process, GRANT_DATA(&grant, struct transfer));
    grant_leave(&grant);
    return has_worked;
}

static void patch(struct page_writer_client *client, uint32_t offset,
                  struct span bytes)
{
    struct transfers *self = CAPSULE_SELF(struct transfers, client, client);
    const struct process *process = process_find(self->owner);

    (void)offset;
    if (process != NULL)
        self->patched =
            buffer_readonly_get(self->driver, process, BUFFER, self->at, bytes);
}

static void written(struct page_writer_client *client, enum tock_error status)
{
    struct transfers *self = CAPSULE_SELF(struct transfers, client, client);
    struct process *process = process_find(self->owner);
    struct grant grant;

    self->is_writing = false;
    work_begin(&self->work);
    if (process == NULL ||
        grant_enter_existing(self->driver, process, &grant) != TOCK_OK)
        return;

    struct transfer *transfer = GRANT_DATA(&grant, struct transfer);

    if (status == TOCK_OK)
        proceed(self, process, transfer, self->patched,
                piece_len(self, transfer));
    else
        end(self, process, transfer, TOCK_FAIL);
    grant_leave(&grant);
}

/* --- for the driver ------------------------------------------------------- */

void transfers_init(struct transfers *self, const struct driver *driver,
                    transfer_ended ended, struct page_writer *writer,
                    uint32_t start, uint32_t size)
{
    static const struct page_writer_client_ops client_ops = {
        .patch = patch,
        .written = written,
    };

    *self = (struct transfers){
        .driver = driver,
        .ended = ended,
        .work = work_make(step),
        .client = {&client_ops},
    };
    page_writer_add(writer, &self->area, &self->client, start, size);
}

void transfer_begin(struct transfers *self, struct process *process,
                    struct transfer *transfer, enum transfer_kind kind,
                    uint32_t offset, uint32_t len)
{
    *transfer =
        (struct transfer){.offset = offset, .len = len, .kind = (uint8_t)kind};
    if (len == 0)
        end(self, process, transfer, TOCK_OK);
    else
        work_begin(&self->work);
}

enum tock_error transfer_request(struct transfers *self,
                                 struct process *process,
                                 enum transfer_kind kind, uint32_t offset,
                                 uint32_t len)
{
    struct grant grant;
    enum tock_error error = grant_enter(self->driver, process, &grant);

    if (error != TOCK_OK)
        return error;

    struct transfer *transfer = GRANT_DATA(&grant, struct transfer);

    if (transfer->kind != TRANSFER_NONE)
        error = TOCK_NOMEM;
    else
        transfer_begin(self, process, transfer, kind, offset, len);
    grant_leave(&grant);
    return error;
}
