/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app_flash.h"

#include "base/bits.h"
#include "capsule/buffer.h"
#include "capsule/self.h"
#include "capsule/upcall.h"

enum { CMD_EXISTS = 0, CMD_WRITE = 1 };
enum { UPCALL_WRITTEN = 0 };
enum { BUFFER = 0 };

static void ended(struct transfers *transfers, struct process *process,
                  const struct transfer *transfer, enum transfer_kind kind,
                  enum tock_error status)
{
    (void)kind;
    if (status == TOCK_OK && transfer->done < transfer->len)
        status = TOCK_SIZE;
    upcall_schedule(transfers->driver, process, UPCALL_WRITTEN, status, 0, 0);
}

/* Inside the app, and inside the flash that is written here. */
static bool is_its_own(const struct app_flash *self,
                       const struct process *process, uint32_t address,
                       uint32_t len)
{
    struct process_flash flash = process_app_flash(process);

    return address >= self->address &&
           range_inside(address, len, flash.start, flash.end) &&
           range_inside(address - self->address, len, 0,
                        self->transfers.area.size);
}

static enum tock_error write(struct app_flash *self, struct process *caller,
                             uint32_t address)
{
    uint32_t len = buffer_readonly_len(&self->driver, caller, BUFFER);

    if (!is_its_own(self, caller, address, len))
        return TOCK_INVAL;
    if (len == 0)
        return TOCK_RESERVE;
    return transfer_request(&self->transfers, caller, TRANSFER_WRITE,
                            address - self->address, len);
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct app_flash *self = CAPSULE_SELF(struct app_flash, driver, driver);

    (void)arg1;
    switch (number) {
    case CMD_EXISTS:
        return command_success();
    case CMD_WRITE:
        return command_status(write(self, caller, arg0));
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

void app_flash_init(struct app_flash *self, struct page_writer *writer,
                    uint32_t start, uint32_t size, uint32_t address)
{
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {
        .upcalls = 1,
        .readonly = 1,
        .size = sizeof(struct transfer),
    };

    self->driver = (struct driver){.ops = &ops, .grant = &layout};
    self->address = address;
    transfers_init(&self->transfers, &self->driver, ended, writer, start, size);
}
