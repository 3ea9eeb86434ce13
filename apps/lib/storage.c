/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tock/storage.h"

/* Of both storage drivers. */
enum { CMD_READ = 2, CMD_WRITE = 3 };
enum { BUFFER = 0 };

enum { SHARED_UPCALL_READ = 0, SHARED_UPCALL_WRITTEN = 1 };

enum { OWN_CMD_SIZE = 1 };
enum { OWN_UPCALL_SIZE = 0, OWN_UPCALL_READ = 1, OWN_UPCALL_WRITTEN = 2 };

enum { FLASH_CMD_WRITE = 1 };
enum { FLASH_UPCALL_WRITTEN = 0 };

/* The event that ends a command, if it was accepted. */
static enum tock_error run(uint32_t driver, uint32_t command, uint32_t arg0,
                           uint32_t arg1, uint32_t upcall,
                           struct syscall_event *event)
{
    enum tock_error error =
        syscall_error(syscall_command(driver, command, arg0, arg1));

    if (error == TOCK_OK)
        *event = syscall_yield_wait_for(driver, upcall);
    return error;
}

static enum tock_error shared(uint32_t command, uint32_t upcall,
                              uint32_t offset, uint32_t len)
{
    struct syscall_event event;
    enum tock_error error =
        run(TOCK_DRIVER_NVS, command, offset, len, upcall, &event);

    if (error == TOCK_OK && event.arg[0] != len)
        error = TOCK_SIZE;
    return error;
}

enum tock_error storage_read(uint32_t offset, void *into, uint32_t len)
{
    enum tock_error error =
        syscall_allow_rw(TOCK_DRIVER_NVS, BUFFER, into, len);

    if (error == TOCK_OK)
        error = shared(CMD_READ, SHARED_UPCALL_READ, offset, len);
    (void)syscall_allow_rw(TOCK_DRIVER_NVS, BUFFER, NULL, 0);
    return error;
}

enum tock_error storage_write(uint32_t offset, const void *bytes, uint32_t len)
{
    enum tock_error error =
        syscall_allow_ro(TOCK_DRIVER_NVS, BUFFER, bytes, len);

    if (error == TOCK_OK)
        error = shared(CMD_WRITE, SHARED_UPCALL_WRITTEN, offset, len);
    (void)syscall_allow_ro(TOCK_DRIVER_NVS, BUFFER, NULL, 0);
    return error;
}

/* *count is what the event tells besides its status. */
static enum tock_error own(uint32_t command, uint32_t upcall, uint32_t offset,
                           uint32_t *count)
{
    struct syscall_event event;
    enum tock_error error =
        run(TOCK_DRIVER_ISOLATED_NVS, command, offset, 0, upcall, &event);

    if (error != TOCK_OK)
        return error;
    *count = event.arg[1];
    return (enum tock_error)event.arg[0];
}

enum tock_error own_storage_size(uint32_t *size)
{
    return own(OWN_CMD_SIZE, OWN_UPCALL_SIZE, 0, size);
}

enum tock_error own_storage_read(uint32_t offset, void *into, uint32_t len)
{
    uint32_t count = 0;
    enum tock_error error =
        syscall_allow_rw(TOCK_DRIVER_ISOLATED_NVS, BUFFER, into, len);

    if (error == TOCK_OK)
        error = own(CMD_READ, OWN_UPCALL_READ, offset, &count);
    (void)syscall_allow_rw(TOCK_DRIVER_ISOLATED_NVS, BUFFER, NULL, 0);
    return error == TOCK_OK && count != len ? TOCK_SIZE : error;
}

enum tock_error own_storage_write(uint32_t offset, const void *bytes,
                                  uint32_t len)
{
    uint32_t count = 0;
    enum tock_error error =
        syscall_allow_ro(TOCK_DRIVER_ISOLATED_NVS, BUFFER, bytes, len);

    if (error == TOCK_OK)
        error = own(CMD_WRITE, OWN_UPCALL_WRITTEN, offset, &count);
    (void)syscall_allow_ro(TOCK_DRIVER_ISOLATED_NVS, BUFFER, NULL, 0);
    return error == TOCK_OK && count != len ? TOCK_SIZE : error;
}

enum tock_error app_flash_write(uint32_t address, const void *bytes,
                                uint32_t len)
{
    struct syscall_event event = {{TOCK_OK}};
    enum tock_error error =
        syscall_allow_ro(TOCK_DRIVER_APP_FLASH, BUFFER, bytes, len);

    if (error == TOCK_OK)
        error = run(TOCK_DRIVER_APP_FLASH, FLASH_CMD_WRITE, address, 0,
                    FLASH_UPCALL_WRITTEN, &event);
    (void)syscall_allow_ro(TOCK_DRIVER_APP_FLASH, BUFFER, NULL, 0);
    return error == TOCK_OK ? (enum tock_error)event.arg[0] : error;
}
