/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Asks for random bytes, three times.
 *
 * Expect on the console three lines like
 *   rng: 3f80c1...
 * of 32 digits, all different.
 */
#include "tock/printf.h"
#include "tock/syscall.h"

enum { FILL = 1 };
enum { FILLED = 0 };

static uint8_t bytes[16];

static void print_bytes(uint32_t count)
{
    printf("rng: ");
    for (uint32_t i = 0; i < count; i++)
        printf("%02x", (unsigned)bytes[i]);
    printf("\n");
}

int main(void)
{
    if (syscall_allow_rw(TOCK_DRIVER_RNG, 0, bytes, sizeof(bytes)) != TOCK_OK) {
        printf("rng: no driver\n");
        return TOCK_NODEVICE;
    }
    for (uint32_t i = 0; i < 3; i++) {
        struct syscall_event event;

        (void)syscall_command(TOCK_DRIVER_RNG, FILL, sizeof(bytes), 0);
        event = syscall_yield_wait_for(TOCK_DRIVER_RNG, FILLED);
        print_bytes(event.arg[1]);
    }
    return TOCK_OK;
}
