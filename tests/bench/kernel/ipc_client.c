/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* Tells the service in slot 0 and waits for its answer, again and again. */

#include "abi/abi.h"
#include "tock/syscall.h"

static _Alignas(64) uint8_t buffer[64];

static void on_service(uint32_t service, uint32_t len, uint32_t addr,
                       void *context)
{
    (void)service;
    (void)len;
    (void)addr;
    (void)context;
    __asm__ volatile("");
}

static __attribute__((noinline, noclone)) void tell(void)
{
    (void)syscall_command(TOCK_DRIVER_IPC, 2, 0, 0);
}

static __attribute__((noinline, noclone)) void wait(void)
{
    syscall_yield_wait();
}

int main(void)
{
    (void)syscall_subscribe(TOCK_DRIVER_IPC, 0, on_service, NULL);
    (void)syscall_allow_rw(TOCK_DRIVER_IPC, 0, buffer, sizeof(buffer));
    for (;;) {
        tell();
        wait();
    }
}
