/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "process_info.h"

#include "base/le.h"
#include "capsule/buffer.h"
#include "capsule/self.h"

enum {
    CMD_EXISTS = 0,
    CMD_COUNT = 1,
    CMD_IDS = 2,
    CMD_SHORT_IDS = 3,
    CMD_NAME = 4,
    CMD_NUMBERS = 5,
    CMD_CONTROL = 6,
};

enum { BUFFER = 0 };

enum { WORD = 4 };

/* One word of the result, if all of it fits the buffer. */
static void put_word(const struct process_info_driver *self,
                     const struct process *caller, uint32_t index,
                     uint32_t value)
{
    uint32_t len = buffer_writable_len(&self->driver, caller, BUFFER);
    uint8_t bytes[WORD];

    if (index >= len / WORD)
        return;
    le32_store(bytes, value);
    buffer_writable_put(&self->driver, caller, BUFFER, index * WORD,
                        (struct span){bytes, sizeof(bytes)});
}

static uint32_t slots(const struct process_info_driver *self)
{
    return manage_slots(self->capability);
}

static struct command_return tell_count(const struct process_info_driver *self)
{
    uint32_t count = 0;

    for (uint32_t slot = 0; slot < slots(self); slot++)
        count += manage_process(self->capability, slot) != NULL;
    return command_success_u32(count);
}

static uint32_t short_id(const struct process_info_driver *self,
                         const struct process *process)
{
    struct process_info info;

    manage_info(self->capability, process, &info);
    return info.short_id;
}

static struct command_return tell_ids(const struct process_info_driver *self,
                                      const struct process *caller,
                                      bool is_short)
{
    uint32_t count = 0;

    for (uint32_t slot = 0; slot < slots(self); slot++) {
        const struct process *process = manage_process(self->capability, slot);

        if (process == NULL)
            continue;
        put_word(self, caller, count,
                 is_short ? short_id(self, process) : process_ref(process).id);
        count++;
    }
    return command_success_u32(count);
}

static struct process *find(const struct process_info_driver *self, uint32_t id)
{
    for (uint32_t slot = 0; slot < slots(self); slot++) {
        struct process *process = manage_process(self->capability, slot);

        if (process != NULL && process_ref(process).id == id)
            return process;
    }
    return NULL;
}

static struct command_return tell_name(const struct process_info_driver *self,
                                       const struct process *caller,
                                       uint32_t id)
{
    const struct process *process = find(self, id);
    struct process_info info;

    if (process == NULL)
        return command_failure(TOCK_INVAL);
    manage_info(self->capability, process, &info);
    buffer_writable_put(&self->driver, caller, BUFFER, 0, info.name);
    return command_success_u32(info.name.len);
}

static struct command_return
tell_numbers(const struct process_info_driver *self,
             const struct process *caller, uint32_t id)
{
    const struct process *process = find(self, id);
    struct process_info info;

    if (process == NULL)
        return command_success();
    manage_info(self->capability, process, &info);
    put_word(self, caller, 0, info.expired_slices);
    put_word(self, caller, 1, info.syscalls);
    put_word(self, caller, 2, info.restarts);
    put_word(self, caller, 3, info.status);
    return command_success();
}

static struct command_return control(const struct process_info_driver *self,
                                     uint32_t id, uint32_t action)
{
    struct process *process = find(self, id);

    if (process == NULL)
        return command_failure(TOCK_INVAL);
    if (action >= PROCESS_ACTION_RESUME && action <= PROCESS_ACTION_BOOT)
        manage_request(self->capability, process, (enum process_action)action);
    return command_success();
}

static struct command_return command(struct driver *driver,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    struct process_info_driver *self =
        CAPSULE_SELF(struct process_info_driver, driver, driver);

    switch (number) {
    case CMD_EXISTS:
        return command_success();
    case CMD_COUNT:
        return tell_count(self);
    case CMD_IDS:
        return tell_ids(self, caller, false);
    case CMD_SHORT_IDS:
        return tell_ids(self, caller, true);
    case CMD_NAME:
        return tell_name(self, caller, arg0);
    case CMD_NUMBERS:
        return tell_numbers(self, caller, arg0);
    case CMD_CONTROL:
        return control(self, arg0, arg1);
    default:
        return command_failure(TOCK_NOSUPPORT);
    }
}

void process_info_init(struct process_info_driver *self,
                       const struct capability_manage *capability)
{
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {.writable = 1};

    *self = (struct process_info_driver){
        .driver = {.ops = &ops, .grant = &layout},
        .capability = capability,
    };
}
