/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "console.h"

#include "capsule/buffer.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/upcall.h"

enum { CMD_EXISTS = 0, CMD_WRITE = 1, CMD_READ = 2, CMD_ABORT_READ = 3 };

/* Numbers begin at 1; 0 of each kind exists and is not used. */
enum { UPCALL_WRITTEN = 1, UPCALL_READ = 2 };
enum { BUFFER_WRITE = 1, BUFFER_READ = 1 };

/* The write of one process. */
struct console_grant {
    uint32_t len;  /* bytes asked for                               */
    uint32_t done; /* bytes sent                                    */
    bool is_pending;
    bool is_replaced; /* the chunk on its way is of an earlier write */
};

static uint32_t min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* --- writing ------------------------------------------------------------- */

static void finish_write(const struct console *self, struct process *process,
                         struct console_grant *write)
{
    write->is_pending = false;
    upcall_schedule(&self->driver, process, UPCALL_WRITTEN, write->done,
                    write->done, 0);
}

/* Sends the next chunk of a pending write, or ends the write if there is none:
 * the app may have shortened its buffer meanwhile. */
static void continue_write(struct console *self, struct process *process,
                           struct console_grant *write)
{
    struct span out = {self->out, sizeof(self->out)};
    uint32_t count =
        buffer_readonly_get(&self->driver, process, BUFFER_WRITE, write->done,
                            span_part(out, 0, write->len - write->done));

    if (count == 0 || self->uart->ops->transmit(
                          self->uart, span_part(out, 0, count)) != TOCK_OK) {
        finish_write(self, process, write);
        return;
    }
    self->writer = process_ref(process);
    self->is_writing = true;
}

static bool start_write_of(struct console *self, struct process *process)
{
    struct grant grant;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return false;

    struct console_grant *write = GRANT_DATA(&grant, struct console_grant);

    if (write->is_pending)
        continue_write(self, process, write);
    grant_leave(&grant);
    return self->is_writing;
}

/* Processes take turns: the next one behind the last writer's slot. */
static void start_next_write(struct deferred *deferred)
{
    struct console *self = CAPSULE_SELF(struct console, next_write, deferred);
    uint32_t last = self->writer.slot;
    struct process *process;

    if (self->is_writing)
        return;
    for (process = process_next(NULL); process != NULL;
         process = process_next(process)) {
        if (process_slot(process) > last && start_write_of(self, process))
            return;
    }
    for (process = process_next(NULL); process != NULL;
         process = process_next(process)) {
        if (process_slot(process) <= last && start_write_of(self, process))
            return;
    }
}

static void note_sent(const struct console *self, struct process *process,
                      struct console_grant *write, uint32_t sent,
                      enum tock_error status)
{
    if (write->is_replaced)
        write->is_replaced = false;
    else if (write->is_pending)
        write->done += sent;
    if (write->is_pending && status != TOCK_OK)
        finish_write(self, process, write);
}

/*
 * The next chunk of the same write is sent from within this callback, which
 * keeps the port; between two writes the port is free for others.
 */
static void transmitted(struct hil_uart_client *client, uint32_t sent,
                        enum tock_error status)
{
    struct console *self = CAPSULE_SELF(struct console, client, client);
    struct process *process = process_find(self->writer);
    struct grant grant;

    self->is_writing = false;
    if (process != NULL &&
        grant_enter_existing(&self->driver, process, &grant) == TOCK_OK) {
        struct console_grant *write = GRANT_DATA(&grant, struct console_grant);

        note_sent(self, process, write, sent, status);
        if (write->is_pending)
            continue_write(self, process, write);
        grant_leave(&grant);
    }
    if (!self->is_writing)
        deferred_set(&self->next_write);
}

static void begin_write(struct console *self, struct process *caller,
                        struct console_grant *write, uint32_t len)
{
    uint32_t available =
        buffer_readonly_len(&self->driver, caller, BUFFER_WRITE);

    write->is_replaced = self->is_writing &&
                         process_ref_equal(self->writer, process_ref(caller));
    write->len = min(len, available);
    write->done = 0;
    write->is_pending = true;
    if (write->len == 0)
        finish_write(self, caller, write);
    else if (!self->is_writing)
        continue_write(self, caller, write);
}

/* --- reading ------------------------------------------------------------- */

static void finish_read(const struct console *self, struct process *process,
                        enum tock_error status, uint32_t count)
{
    upcall_schedule(&self->driver, process, UPCALL_READ, status, count, 0);
}

static void received(struct hil_uart_client *client, uint32_t count,
                     enum tock_error status)
{
    struct console *self = CAPSULE_SELF(struct console, client, client);
    struct process *process = process_find(self->reader);
    struct span in = {self->in, sizeof(self->in)};
    uint32_t stored;

    self->is_reading = false;
    if (process == NULL)
        return;
    if (status != TOCK_OK && status != TOCK_CANCEL) {
        finish_read(self, process, TOCK_FAIL, 0);
        return;
    }
    stored = buffer_writable_put(&self->driver, process, BUFFER_READ, 0,
                                 span_part(in, 0, count));
    if (status == TOCK_OK && stored < count)
        status = stored == 0 ? TOCK_NOMEM : TOCK_SIZE;
    finish_read(self, process, status, stored);
}

static enum tock_error begin_read(struct console *self, struct process *caller,
                                  uint32_t len)
{
    struct span in = {self->in, sizeof(self->in)};
    enum tock_error error;

    if (self->is_reading)
        return TOCK_BUSY;
    len = min(len, buffer_writable_len(&self->driver, caller, BUFFER_READ));
    if (len > in.len)
        return TOCK_INVAL;
    if (len == 0) {
        finish_read(self, caller, TOCK_OK, 0);
        return TOCK_OK;
    }
    error = self->uart->ops->receive(self->uart, span_part(in, 0, len));
    if (error == TOCK_OK) {
        self->is_reading = true;
        self->reader = process_ref(caller);
    }
    return error;
}

static void abort_read(struct console *self, struct process_ref of)
{
    if (self->is_reading && process_ref_equal(self->reader, of))
        self->uart->ops->abort_receive(self->uart);
}

/* ------------------------------------------------------------------------- */

static struct command_return run_command(struct console *self,
                                         struct process *caller,
                                         struct console_grant *write,
                                         uint32_t number, uint32_t len)
{
    switch (number) {
    case CMD_EXISTS:
        return command_success();
    case CMD_WRITE:
        begin_write(self, caller, write, len);
        return command_success();
    case CMD_READ:
        return command_status(begin_read(self, caller, len));
    case CMD_ABORT_READ:
        abort_read(self, process_ref(caller));
        return command_success();
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct console *self = CAPSULE_SELF(struct console, driver, driver);
    struct grant grant;
    enum tock_error error = grant_enter(driver, caller, &grant);
    struct command_return result;

    (void)arg1;
    if (error != TOCK_OK)
        return command_failure(error);
    result = run_command(self, caller, GRANT_DATA(&grant, struct console_grant),
                         number, arg0);
    grant_leave(&grant);
    return result;
}

/* A chunk of its on the way goes out; its read makes room for others. */
static void process_gone(struct driver *driver, struct process_ref gone)
{
    struct console *self = CAPSULE_SELF(struct console, driver, driver);

    abort_read(self, gone);
}

void console_init(struct console *self, struct hil_uart *uart)
{
    static const struct driver_ops ops = {
        .command = command,
        .process_gone = process_gone,
    };
    static const struct grant_layout layout = {
        .upcalls = 3,
        .readonly = 2,
        .writable = 2,
        .size = sizeof(struct console_grant),
    };
    static const struct hil_uart_client_ops client_ops = {
        .transmitted = transmitted,
        .received = received,
    };

    *self = (struct console){
        .driver = {.ops = &ops, .grant = &layout},
        .client = {&client_ops},
        .next_write = {.run = start_next_write},
        .uart = uart,
    };
    uart->client = &self->client;
}
