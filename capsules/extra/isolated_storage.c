/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "isolated_storage.h"

#include "base/bits.h"
#include "base/le.h"
#include "capsule/buffer.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/storage.h"
#include "capsule/upcall.h"

enum { CMD_EXISTS = 0, CMD_SIZE = 1, CMD_READ = 2, CMD_WRITE = 3 };
enum { UPCALL_SIZE = 0, UPCALL_READ = 1, UPCALL_WRITTEN = 2 };
enum { BUFFER = 0 };

/* Of a region's header. */
enum { LENGTH_AT = 0, OWNER_AT = 4, SUM_AT = 8 };

#define LAYOUT_VERSION 1u
#define LENGTH_MASK    0x00ffffffu

/* What one process wants; command is 0 if nothing, or if it is a transfer. */
struct isolated_storage_grant {
    struct transfer transfer;
    uint32_t offset;
    uint8_t command;
};

/* Of bytes in the area; without header. */
struct region {
    uint32_t offset;
    uint32_t size;
};

static struct isolated_storage *self_of(struct driver *driver)
{
    return CAPSULE_SELF(struct isolated_storage, driver, driver);
}

/* --- the list of regions -------------------------------------------------- */

/* The region whose header is at this offset; false: there the list ends. */
static bool read_header(const struct isolated_storage *self, uint32_t at,
                        struct region *region, uint32_t *owner)
{
    uint8_t bytes[ISOLATED_STORAGE_HEADER];
    struct span header = {bytes, sizeof(bytes)};
    uint32_t length;

    if (page_writer_read(&self->area, at, header) != TOCK_OK)
        return false;
    length = le32_load(&bytes[LENGTH_AT]);
    *owner = le32_load(&bytes[OWNER_AT]);
    region->offset = at + ISOLATED_STORAGE_HEADER;
    region->size = length & LENGTH_MASK;
    return length >> 24 == LAYOUT_VERSION &&
           (length ^ *owner) == le32_load(&bytes[SUM_AT]) &&
           range_inside(region->offset, region->size, 0, self->area.size);
}

/* The region of this owner; false: none, and end is where one can begin. */
static bool find_region(const struct isolated_storage *self, uint32_t id,
                        struct region *region, uint32_t *end)
{
    uint32_t owner;

    *end = 0;
    while (read_header(self, *end, region, &owner)) {
        if (owner == id)
            return true;
        *end = region->offset + region->size;
    }
    return false;
}

/* --- requests ------------------------------------------------------------- */

static void finish(struct isolated_storage *self, struct process *process,
                   struct isolated_storage_grant *mine, enum tock_error status,
                   uint32_t value)
{
    uint32_t number = mine->command - CMD_SIZE + UPCALL_SIZE;

    mine->command = 0;
    upcall_schedule(&self->driver, process, number, status, value, 0);
}

static void ended(struct transfers *transfers, struct process *process,
                  const struct transfer *transfer, enum transfer_kind kind,
                  enum tock_error status)
{
    upcall_schedule(transfers->driver, process,
                    kind == TRANSFER_READ ? UPCALL_READ : UPCALL_WRITTEN,
                    status, transfer->done, 0);
}

/* With the whole buffer of this kind. */
static void begin_transfer(struct isolated_storage *self,
                           struct process *process,
                           struct isolated_storage_grant *mine,
                           const struct region *region)
{
    bool is_read = mine->command == CMD_READ;
    uint32_t len = is_read
                       ? buffer_writable_len(&self->driver, process, BUFFER)
                       : buffer_readonly_len(&self->driver, process, BUFFER);

    if (len == 0) {
        finish(self, process, mine, TOCK_RESERVE, 0);
    } else if (mine->offset >= region->size ||
               len > region->size - mine->offset) {
        finish(self, process, mine, TOCK_INVAL, 0);
    } else {
        mine->command = 0;
        transfer_begin(&self->transfers, process, &mine->transfer,
                       is_read ? TRANSFER_READ : TRANSFER_WRITE,
                       region->offset + mine->offset, len);
    }
}

/* --- a new region --------------------------------------------------------- */

/* Where what is being written now ends: all of it first, then its header. */
static uint32_t end_of_making(const struct isolated_storage *self)
{
    return self->at + ISOLATED_STORAGE_HEADER +
           (self->is_cleared ? 0 : self->region_size);
}

static uint32_t piece_len(const struct isolated_storage *self)
{
    uint32_t left = end_of_making(self) - self->cursor;
    uint32_t most = page_writer_piece(&self->area, self->cursor);

    return left < most ? left : most;
}

static enum tock_error write_piece(struct isolated_storage *self)
{
    return page_writer_write(&self->area, self->cursor, piece_len(self));
}

/*
 * Everything is cleared before the header is written: the beginning of one that
 * lies in two pages, before 0xff, is no header, nor is its end behind them.
 */
static void patch(struct page_writer_client *client, uint32_t offset,
                  struct span bytes)
{
    struct isolated_storage *self =
        CAPSULE_SELF(struct isolated_storage, maker, client);
    struct span header = {self->header, sizeof(self->header)};

    if (self->is_cleared)
        span_copy(bytes, span_part(header, offset - self->at, bytes.len));
    else
        span_fill(bytes, 0xff);
}

static enum tock_error make_region(struct isolated_storage *self,
                                   struct process *process, uint32_t id,
                                   uint32_t at)
{
    uint32_t length = LAYOUT_VERSION << 24 | self->region_size;

    if (self->area.size - at < ISOLATED_STORAGE_HEADER ||
        self->area.size - at - ISOLATED_STORAGE_HEADER < self->region_size)
        return TOCK_NOMEM;
    le32_store(&self->header[LENGTH_AT], length);
    le32_store(&self->header[OWNER_AT], id);
    le32_store(&self->header[SUM_AT], length ^ id);
    self->owner = process_ref(process);
    self->at = at;
    self->cursor = at;
    self->is_cleared = false;
    self->is_making = true;
    return write_piece(self);
}

/* --- both together -------------------------------------------------------- */

/* Waits if a region is being made: this one's, or it has to come behind. */
static void need_region(struct isolated_storage *self, struct process *process,
                        struct isolated_storage_grant *mine, uint32_t id,
                        uint32_t end)
{
    enum tock_error error = TOCK_OK;

    if (!self->is_making)
        error = make_region(self, process, id, end);
    if (error != TOCK_OK)
        finish(self, process, mine, error, 0);
}

/* Does what the process wants, or has its region made first. */
static void serve(struct isolated_storage *self, struct process *process,
                  struct isolated_storage_grant *mine)
{
    uint32_t id = storage_write_id(process);
    struct region region;
    uint32_t end;

    if (id == 0)
        finish(self, process, mine, TOCK_NOSUPPORT, 0);
    else if (!find_region(self, id, &region, &end))
        need_region(self, process, mine, id, end);
    else if (mine->command == CMD_SIZE)
        finish(self, process, mine, TOCK_OK, region.size);
    else
        begin_transfer(self, process, mine, &region);
}

/* The region of self->owner is made, or the flash failed. */
static void serve_waiting(struct isolated_storage *self,
                          struct process *process, enum tock_error status)
{
    struct grant grant;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return;

    struct isolated_storage_grant *mine =
        GRANT_DATA(&grant, struct isolated_storage_grant);
    bool is_owner = process_ref_equal(process_ref(process), self->owner);

    if (mine->command != 0 && is_owner && status != TOCK_OK)
        finish(self, process, mine, status, 0);
    else if (mine->command != 0)
        serve(self, process, mine);
    grant_leave(&grant);
}

static void end_making(struct isolated_storage *self, enum tock_error status)
{
    struct process *process = process_next(NULL);

    self->is_making = false;
    for (; process != NULL && !self->is_making; process = process_next(process))
        serve_waiting(self, process, status);
}

/* Returns false if there is nothing left to write. */
static bool next_piece(struct isolated_storage *self)
{
    self->cursor += piece_len(self);
    if (self->cursor < end_of_making(self))
        return true;
    if (self->is_cleared)
        return false;
    self->is_cleared = true;
    self->cursor = self->at;
    return true;
}

static void written(struct page_writer_client *client, enum tock_error status)
{
    struct isolated_storage *self =
        CAPSULE_SELF(struct isolated_storage, maker, client);

    if (status == TOCK_OK && next_piece(self)) {
        status = write_piece(self);
        if (status == TOCK_OK)
            return;
    }
    end_making(self, status);
}

/* --- system calls --------------------------------------------------------- */

/* Reading and writing want the right to what the process itself stores. */
static bool may(const struct process *process, uint32_t number)
{
    uint32_t id = storage_write_id(process);

    return id != 0 && (number != CMD_READ || storage_may_read(process, id)) &&
           (number != CMD_WRITE || storage_may_modify(process, id));
}

static enum tock_error request(struct isolated_storage *self,
                               struct process *caller, uint32_t number,
                               uint32_t low, uint32_t high)
{
    struct grant grant;
    enum tock_error error;

    if (!may(caller, number))
        return TOCK_NOSUPPORT;
    error = grant_enter(&self->driver, caller, &grant);
    if (error != TOCK_OK)
        return error;

    struct isolated_storage_grant *mine =
        GRANT_DATA(&grant, struct isolated_storage_grant);

    if (mine->command != 0 || mine->transfer.kind != TRANSFER_NONE) {
        error = TOCK_BUSY;
    } else {
        mine->command = (uint8_t)number;
        mine->offset = high == 0 ? low : UINT32_MAX;
        serve(self, caller, mine);
    }
    grant_leave(&grant);
    return error;
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    switch (number) {
    case CMD_EXISTS:
        return command_success();
    case CMD_SIZE:
    case CMD_READ:
    case CMD_WRITE:
        return command_status(
            request(self_of(driver), caller, number, arg0, arg1));
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

void isolated_storage_init(struct isolated_storage *self,
                           struct page_writer *writer, uint32_t start,
                           uint32_t size, uint32_t region_size)
{
    static const struct page_writer_client_ops maker_ops = {
        .patch = patch,
        .written = written,
    };
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {
        .upcalls = 3,
        .readonly = 1,
        .writable = 1,
        .size = sizeof(struct isolated_storage_grant),
    };

    *self = (struct isolated_storage){
        .driver = {.ops = &ops, .grant = &layout},
        .maker = {&maker_ops},
        .region_size = region_size,
    };
    page_writer_add(writer, &self->area, &self->maker, start, size);
    transfers_init(&self->transfers, &self->driver, ended, writer, start, size);
}
