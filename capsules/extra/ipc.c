/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ipc.h"

#include "capsule/buffer.h"
#include "capsule/element.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/share.h"
#include "capsule/upcall.h"

#include <stdbool.h>

enum {
    CMD_EXISTS = 0,
    CMD_FIND = 1,
    CMD_TELL_SERVICE = 2,
    CMD_TELL_CLIENT = 3
};
enum { BUFFER_NAME = 0 };

/* --- discovery ------------------------------------------------------------ */

/* Piece by piece: names may be of any length. */
static bool is_name(const struct ipc *self, const struct process *caller,
                    struct span name)
{
    uint8_t bytes[16];
    struct span piece = {bytes, sizeof(bytes)};
    uint32_t len = buffer_readonly_len(&self->driver, caller, BUFFER_NAME);

    if (len != name.len)
        return false;
    for (uint32_t at = 0; at < len; at += piece.len) {
        uint32_t count =
            buffer_readonly_get(&self->driver, caller, BUFFER_NAME, at, piece);

        for (uint32_t i = 0; i < count; i++) {
            if (span_get(piece, i) != span_get(name, at + i))
                return false;
        }
    }
    return true;
}

static struct command_return find(const struct ipc *self,
                                  const struct process *caller)
{
    for (uint32_t slot = 0; slot < self->count; slot++) {
        const struct process *process = process_in_slot(slot);

        if (process != NULL && is_name(self, caller, process_name(process)))
            return command_success_u32(slot);
    }
    return command_failure(TOCK_NODEVICE);
}

/* --- telling -------------------------------------------------------------- */

/* A receiver is called as a service, or as a client of the sender. */
static uint16_t *told(struct ipc *self, bool is_service, uint32_t receiver)
{
    return is_service ? ELEMENT(self->told_service, receiver)
                      : ELEMENT(self->told_client, receiver);
}

static void set_told(uint16_t *told_by, uint32_t sender, bool is_set)
{
    uint32_t others = *told_by & ~(1u << sender);

    *told_by = (uint16_t)(others | (uint32_t)is_set << sender);
}

/* The upcall that a receiver is called by. */
static uint32_t upcall_number(bool is_service, uint32_t receiver,
                              uint32_t sender)
{
    return is_service ? receiver : sender;
}

static bool has_grant(const struct ipc *self, struct process *process)
{
    struct grant grant;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return false;
    grant_leave(&grant);
    return true;
}

/* What has been told already is in the queue, unless it was dropped there for
 * want of a function: not twice. A receiver without a grant has not subscribed
 * yet; subscribed() follows. */
static enum tock_error tell_other(struct ipc *self, bool is_service,
                                  const struct process *sender, uint32_t from,
                                  struct process *receiver, uint32_t to)
{
    uint32_t number = upcall_number(is_service, to, from);
    uint16_t *told_by = told(self, is_service, to);
    enum tock_error error;

    if (!share_fits(&self->driver, sender, to, receiver))
        return TOCK_INVAL;
    if ((*told_by >> from & 1) != 0)
        upcall_cancel(&self->driver, receiver, number, from);
    error = upcall_schedule(&self->driver, receiver, number, from, 0, 0);
    if (error == TOCK_NOMEM && !has_grant(self, receiver))
        error = TOCK_OK;
    set_told(told_by, from, error == TOCK_OK);
    return error;
}

static enum tock_error tell(struct ipc *self, bool is_service,
                            const struct process *sender, uint32_t from,
                            uint32_t to)
{
    struct process *receiver = to < self->count ? process_in_slot(to) : NULL;

    if (receiver == NULL)
        return TOCK_INVAL;
    if (to == from)
        return TOCK_OK;
    return tell_other(self, is_service, sender, from, receiver, to);
}

/* What has been told before is told again: Subscribe has removed it. */
static void subscribed(struct driver *driver, struct process *caller,
                       uint32_t number)
{
    struct ipc *self = CAPSULE_SELF(struct ipc, driver, driver);
    uint32_t slot = process_slot(caller);
    bool is_service = number == slot;
    uint32_t senders;

    if (slot >= self->count)
        return;
    senders = *told(self, is_service, slot);
    if (!is_service)
        senders &= 1u << number;
    for (uint32_t sender = 0; sender < self->count; sender++) {
        if ((senders >> sender & 1) != 0)
            (void)upcall_schedule(&self->driver, caller, number, sender, 0, 0);
    }
}

static void delivered(struct driver *driver, struct process *to,
                      uint32_t number, uint32_t words[3])
{
    struct ipc *self = CAPSULE_SELF(struct ipc, driver, driver);
    uint32_t slot = process_slot(to);
    struct process *sender = process_in_slot(words[0]);
    struct shared_buffer buffer = share_open(&self->driver, sender, slot, to);

    set_told(told(self, number == slot, slot), words[0], false);
    words[1] = buffer.len;
    words[2] = buffer.addr;
}

/* ------------------------------------------------------------------------- */

static void forget(struct ipc *self, uint32_t gone, struct process *other)
{
    uint32_t slot = process_slot(other);

    set_told(told(self, true, slot), gone, false);
    set_told(told(self, false, slot), gone, false);
    upcall_cancel(&self->driver, other, slot, gone);
    upcall_cancel(&self->driver, other, gone, gone);
}

/* The index may soon be that of another app. */
static void process_gone(struct driver *driver, struct process_ref gone)
{
    struct ipc *self = CAPSULE_SELF(struct ipc, driver, driver);
    struct process *other = process_next(NULL);

    if (gone.slot >= self->count)
        return;
    for (; other != NULL; other = process_next(other)) {
        if (process_slot(other) < self->count)
            forget(self, gone.slot, other);
    }
    *told(self, true, gone.slot) = 0;
    *told(self, false, gone.slot) = 0;
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct ipc *self = CAPSULE_SELF(struct ipc, driver, driver);
    uint32_t slot = process_slot(caller);

    (void)arg1;
    if (slot >= self->count)
        return command_failure(TOCK_NODEVICE);
    switch (number) {
    case CMD_EXISTS:
        return command_success();
    case CMD_FIND:
        return find(self, caller);
    case CMD_TELL_SERVICE:
        return command_status(tell(self, true, caller, slot, arg0));
    case CMD_TELL_CLIENT:
        return command_status(tell(self, false, caller, slot, arg0));
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

void ipc_init(struct ipc *self, uint32_t process_count)
{
    static const struct driver_ops ops = {
        .command = command,
        .subscribed = subscribed,
        .delivered = delivered,
        .process_gone = process_gone,
    };
    uint32_t count =
        process_count < IPC_PROCESSES ? process_count : IPC_PROCESSES;

    *self = (struct ipc){
        .driver = {.ops = &ops},
        .layout = {.upcalls = (uint8_t)count,
                   .readonly = 1,
                   .writable = (uint8_t)count},
        .count = count,
    };
    self->driver.grant = &self->layout;
}
