/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "nonvolatile_storage.h"

#include "base/bits.h"
#include "capsule/buffer.h"
#include "capsule/self.h"
#include "capsule/upcall.h"

enum { CMD_EXISTS = 0, CMD_SIZE = 1, CMD_READ = 2, CMD_WRITE = 3 };
enum { UPCALL_READ = 0, UPCALL_WRITTEN = 1 };
enum { BUFFER = 0 };

static uint32_t storage_size(const struct nonvolatile_storage *self)
{
    return self->transfers.area.size;
}

static void ended(struct transfers *transfers, struct process *process,
                  const struct transfer *transfer, enum transfer_kind kind,
                  enum tock_error status)
{
    (void)status;
    upcall_schedule(transfers->driver, process,
                    kind == TRANSFER_READ ? UPCALL_READ : UPCALL_WRITTEN,
                    transfer->done, 0, 0);
}

static enum tock_error request(struct nonvolatile_storage *self,
                               struct process *caller, enum transfer_kind kind,
                               uint32_t offset, uint32_t len)
{
    uint32_t room = kind == TRANSFER_READ
                        ? buffer_writable_len(&self->driver, caller, BUFFER)
                        : buffer_readonly_len(&self->driver, caller, BUFFER);

    if (offset >= storage_size(self) ||
        !range_inside(offset, len, 0, storage_size(self)))
        return TOCK_INVAL;
    if (room == 0)
        return TOCK_RESERVE;
    return transfer_request(&self->transfers, caller, kind, offset,
                            len < room ? len : room);
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct nonvolatile_storage *self =
        CAPSULE_SELF(struct nonvolatile_storage, driver, driver);

    switch (number) {
    case CMD_EXISTS:
        return command_success();
    case CMD_SIZE:
        return command_success_u32(storage_size(self));
    case CMD_READ:
        return command_status(request(self, caller, TRANSFER_READ, arg0, arg1));
    case CMD_WRITE:
        return command_status(
            request(self, caller, TRANSFER_WRITE, arg0, arg1));
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

void nonvolatile_storage_init(struct nonvolatile_storage *self,
                              struct page_writer *writer, uint32_t start,
                              uint32_t size)
{
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {
        .upcalls = 2,
        .readonly = 1,
        .writable = 1,
        .size = sizeof(struct transfer),
    };

    self->driver = (struct driver){.ops = &ops, .grant = &layout};
    transfers_init(&self->transfers, &self->driver, ended, writer, start, size);
}
