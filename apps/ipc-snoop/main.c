/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * A service that goes on looking at a buffer after its client took it back.
 * It must fault then, and not before.
 *
 * Expect on the console, and the report of a fault at the end:
 *   ipc-snoop: sees 42 of 64
 */
#include "tock/printf.h"
#include "tock/syscall.h"

enum { FIND = 1, TELL_CLIENT = 3 };
enum { NAME = 0 };

static void on_client(uint32_t client, uint32_t len, uint32_t addr,
                      void *context)
{
    const volatile uint8_t *buffer = (const volatile uint8_t *)addr;

    (void)context;
    printf("ipc-snoop: sees %u of %lu\n", (unsigned)buffer[0], len);
    (void)syscall_command(TOCK_DRIVER_IPC, TELL_CLIENT, client, 0);
    for (;;)
        (void)buffer[len - 1];
}

int main(void)
{
    static const char name[] = "org.example.snoop";
    struct syscall_return me;

    (void)syscall_allow_ro(TOCK_DRIVER_IPC, NAME, name, sizeof(name) - 1);
    me = syscall_command(TOCK_DRIVER_IPC, FIND, 0, 0);
    (void)syscall_subscribe(TOCK_DRIVER_IPC, me.value[0], on_client, NULL);
    for (;;)
        syscall_yield_wait();
}
