/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/* Answers each client at once, for tests/bench/drivers.py. Slot 0. */

#include "abi/abi.h"
#include "tock/syscall.h"

static void on_client(uint32_t client, uint32_t len, uint32_t addr,
                      void *context)
{
    (void)context;
    if (len != 0)
        (*(volatile uint8_t *)addr)++;
    (void)syscall_command(TOCK_DRIVER_IPC, 3, client, 0);
}

int main(void)
{
    (void)syscall_subscribe(TOCK_DRIVER_IPC, 0, on_client, NULL);
    for (;;)
        syscall_yield_wait();
}
