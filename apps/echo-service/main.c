/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * A service for other apps: turns the letters in their buffers to upper case.
 *
 * It is found by its name, org.example.echo. A client lends it a buffer; each
 * time that it is told so it changes the letters there and tells the client.
 *
 * Expect on the console:
 *   echo-service: ready as 1
 */
#include "tock/printf.h"
#include "tock/syscall.h"

enum { FIND = 1, TELL_CLIENT = 3 };
enum { NAME = 0 };

static void on_client(uint32_t client, uint32_t len, uint32_t addr,
                      void *context)
{
    char *text = (char *)addr;

    (void)context;
    /* The bytes are the client's, who may change them any time. */
    for (uint32_t i = 0; i < len; i++) {
        char c = text[i];

        if (c >= 'a' && c <= 'z')
            text[i] = (char)(c - 'a' + 'A');
    }
    (void)syscall_command(TOCK_DRIVER_IPC, TELL_CLIENT, client, 0);
}

int main(void)
{
    static const char name[] = "org.example.echo";
    struct syscall_return me;

    (void)syscall_allow_ro(TOCK_DRIVER_IPC, NAME, name, sizeof(name) - 1);
    me = syscall_command(TOCK_DRIVER_IPC, FIND, 0, 0);
    if (syscall_error(me) != TOCK_OK ||
        syscall_subscribe(TOCK_DRIVER_IPC, me.value[0], on_client, NULL) !=
            TOCK_OK) {
        printf("echo-service: no driver, or not installed by this name\n");
        return TOCK_NODEVICE;
    }
    printf("echo-service: ready as %lu\n", me.value[0]);
    for (;;)
        syscall_yield_wait();
}
