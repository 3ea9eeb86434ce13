/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "read_only_state.h"

#include "base/le.h"
#include "capsule/buffer.h"
#include "capsule/grant.h"
#include "capsule/self.h"
#include "capsule/upcall.h"

enum { CMD_EXISTS = 0, CMD_VERSION = 1 };
enum { VERSION = 1 };

enum { COUNT_END = 4, UPCALLS_END = 8, TICKS_END = 16 };

struct read_only_state_grant {
    struct buffer_held buffer;
    uint32_t turns;
};

/* Of a buffer of this length, what is written to. */
static uint32_t whole_fields(uint32_t len)
{
    if (len >= TICKS_END)
        return TICKS_END;
    return len >= UPCALLS_END ? UPCALLS_END : len >= COUNT_END ? COUNT_END : 0;
}

static void write_state(const struct read_only_state *self,
                        const struct process *process,
                        struct read_only_state_grant *state)
{
    uint8_t fields[TICKS_END];
    struct span bytes = {fields, sizeof(fields)};

    state->turns++;
    le32_store(&fields[0], state->turns);
    le32_store(&fields[COUNT_END], upcall_count(process));
    le64_store(&fields[UPCALLS_END], self->clock->ops->now(self->clock));
    buffer_held_put(process, state->buffer,
                    span_part(bytes, 0, whole_fields(state->buffer.len)));
}

static void begins(struct turn_watcher *watcher, struct process *process)
{
    struct read_only_state *self =
        CAPSULE_SELF(struct read_only_state, watcher, watcher);
    struct grant grant;

    if (grant_enter_existing(&self->driver, process, &grant) != TOCK_OK)
        return;
    write_state(self, process,
                GRANT_DATA(&grant, struct read_only_state_grant));
    grant_leave(&grant);
}

static enum tock_error allow_readable(struct driver *driver,
                                      struct process *caller, uint32_t number,
                                      uint32_t *addr, uint32_t *len)
{
    struct buffer_held given = {*addr, *len};
    struct grant grant;
    enum tock_error error;

    if (number != 0)
        return TOCK_NOSUPPORT;
    error = grant_enter(driver, caller, &grant);
    if (error != TOCK_OK)
        return error;

    struct read_only_state_grant *state =
        GRANT_DATA(&grant, struct read_only_state_grant);

    *addr = state->buffer.addr;
    *len = state->buffer.len;
    state->buffer = given;
    grant_leave(&grant);
    turn_watch(caller);
    return TOCK_OK;
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    (void)driver;
    (void)caller;
    (void)arg0;
    (void)arg1;
    switch (number) {
    case CMD_EXISTS:
        return command_success();
    case CMD_VERSION:
        return command_success_u32(VERSION);
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

void read_only_state_init(struct read_only_state *self, struct hil_alarm *clock)
{
    static const struct driver_ops ops = {
        .command = command,
        .allow_readable = allow_readable,
    };
    static const struct grant_layout layout = {
        .size = sizeof(struct read_only_state_grant),
    };

    *self = (struct read_only_state){
        .driver = {.ops = &ops, .grant = &layout},
        .watcher = {.begins = begins},
        .clock = clock,
    };
}
