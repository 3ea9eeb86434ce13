/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Lends ipc-snoop a buffer and takes it back while that is looking at it.
 *
 * Expect on the console:
 *   ipc-lender: lent
 *   ipc-lender: taken back
 *   ipc-lender: done
 */
#include "tock/alarm.h"
#include "tock/printf.h"
#include "tock/syscall.h"

enum { FIND = 1, TELL_SERVICE = 2 };
enum { NAME = 0 };

#define LOOK_MS 200u

static _Alignas(64) char text[64];

int main(void)
{
    static const char name[] = "org.example.snoop";
    uint32_t service;

    (void)syscall_allow_ro(TOCK_DRIVER_IPC, NAME, name, sizeof(name) - 1);
    service = syscall_command(TOCK_DRIVER_IPC, FIND, 0, 0).value[0];
    text[0] = 42;
    (void)syscall_allow_rw(TOCK_DRIVER_IPC, service, text, sizeof(text));
    (void)syscall_command(TOCK_DRIVER_IPC, TELL_SERVICE, service, 0);
    printf("ipc-lender: lent\n");
    (void)alarm_delay_ms(LOOK_MS);
    printf("ipc-lender: taken back\n");
    (void)syscall_allow_rw(TOCK_DRIVER_IPC, service, NULL, 0);
    (void)alarm_delay_ms(LOOK_MS);
    printf("ipc-lender: done\n");
    return TOCK_OK;
}
