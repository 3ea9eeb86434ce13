/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tock/console.h"

enum { CMD_WRITE = 1, CMD_READ = 2 };
enum { UPCALL_WRITTEN = 1, UPCALL_READ = 2 };
enum { ALLOW_RO_WRITE = 1, ALLOW_RW_READ = 1 };

/* Sends what the kernel takes in one go; its number goes to *sent. */
static enum tock_error write_some(const uint8_t *bytes, uint32_t len,
                                  uint32_t *sent)
{
    enum tock_error error =
        syscall_allow_ro(TOCK_DRIVER_CONSOLE, ALLOW_RO_WRITE, bytes, len);

    if (error != TOCK_OK)
        return error;
    error =
        syscall_error(syscall_command(TOCK_DRIVER_CONSOLE, CMD_WRITE, len, 0));
    if (error != TOCK_OK)
        return error;
    *sent = syscall_yield_wait_for(TOCK_DRIVER_CONSOLE, UPCALL_WRITTEN).arg[0];
    return *sent == 0 || *sent > len ? TOCK_FAIL : TOCK_OK;
}

enum tock_error console_write(const void *bytes, uint32_t len)
{
    enum tock_error error = TOCK_OK;

    for (const uint8_t *at = bytes; len != 0 && error == TOCK_OK;) {
        uint32_t sent = 0;

        error = write_some(at, len, &sent);
        at += sent;
        len -= sent;
    }
    (void)syscall_allow_ro(TOCK_DRIVER_CONSOLE, ALLOW_RO_WRITE, NULL, 0);
    return error;
}

enum tock_error console_read(void *bytes, uint32_t len, syscall_upcall fn,
                             void *context)
{
    enum tock_error error =
        syscall_allow_rw(TOCK_DRIVER_CONSOLE, ALLOW_RW_READ, bytes, len);

    if (error == TOCK_OK)
        error =
            syscall_subscribe(TOCK_DRIVER_CONSOLE, UPCALL_READ, fn, context);
    if (error == TOCK_OK)
        error = syscall_error(
            syscall_command(TOCK_DRIVER_CONSOLE, CMD_READ, len, 0));
    return error;
}
