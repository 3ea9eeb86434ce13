/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tock/kv.h"

enum {
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

static enum tock_error run(uint32_t command, uint32_t *len)
{
    struct syscall_event event;
    enum tock_error error =
        syscall_error(syscall_command(TOCK_DRIVER_KV, command, 0, 0));

    if (error != TOCK_OK)
        return error;
    event = syscall_yield_wait_for(TOCK_DRIVER_KV, UPCALL_DONE);
    *len = event.arg[1];
    return (enum tock_error)event.arg[0];
}

static enum tock_error change(uint32_t command, struct kv_bytes key,
                              struct kv_bytes value)
{
    uint32_t none;
    enum tock_error error =
        syscall_allow_ro(TOCK_DRIVER_KV, BUFFER_KEY, key.ptr, key.len);

    if (error == TOCK_OK)
        error = syscall_allow_ro(TOCK_DRIVER_KV, BUFFER_VALUE, value.ptr,
                                 value.len);
    if (error == TOCK_OK)
        error = run(command, &none);
    (void)syscall_allow_ro(TOCK_DRIVER_KV, BUFFER_KEY, NULL, 0);
    (void)syscall_allow_ro(TOCK_DRIVER_KV, BUFFER_VALUE, NULL, 0);
    return error;
}

enum tock_error kv_get(struct kv_bytes key, void *into, uint32_t *len)
{
    enum tock_error error =
        syscall_allow_ro(TOCK_DRIVER_KV, BUFFER_KEY, key.ptr, key.len);

    if (error == TOCK_OK)
        error = syscall_allow_rw(TOCK_DRIVER_KV, BUFFER_OUTPUT, into, *len);
    *len = 0;
    if (error == TOCK_OK)
        error = run(CMD_GET, len);
    (void)syscall_allow_ro(TOCK_DRIVER_KV, BUFFER_KEY, NULL, 0);
    (void)syscall_allow_rw(TOCK_DRIVER_KV, BUFFER_OUTPUT, NULL, 0);
    return error;
}

enum tock_error kv_set(struct kv_bytes key, struct kv_bytes value)
{
    return change(CMD_SET, key, value);
}

enum tock_error kv_add(struct kv_bytes key, struct kv_bytes value)
{
    return change(CMD_ADD, key, value);
}

enum tock_error kv_update(struct kv_bytes key, struct kv_bytes value)
{
    return change(CMD_UPDATE, key, value);
}

enum tock_error kv_delete(struct kv_bytes key)
{
    return change(CMD_DELETE, key, (struct kv_bytes){NULL, 0});
}

enum tock_error kv_collect(void)
{
    uint32_t none;

    return run(CMD_COLLECT, &none);
}
