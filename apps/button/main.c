/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Tells when a button is pressed and released, and lights the LED of the same
 * number meanwhile.
 *
 * Expect on the console:
 *   button: 4 buttons
 * and, for each change:
 *   button: 2 down
 *   button: 2 up
 */
#include "tock/printf.h"
#include "tock/syscall.h"

enum { BUTTON_COUNT = 0, BUTTON_WATCH = 1 };
enum { LED_ON = 1, LED_OFF = 2 };

static void on_change(uint32_t index, uint32_t is_pressed, uint32_t unused,
                      void *context)
{
    (void)unused;
    (void)context;
    (void)syscall_command(TOCK_DRIVER_LED, is_pressed ? LED_ON : LED_OFF, index,
                          0);
    printf("button: %lu %s\n", index, is_pressed ? "down" : "up");
}

int main(void)
{
    struct syscall_return answer =
        syscall_command(TOCK_DRIVER_BUTTON, BUTTON_COUNT, 0, 0);
    uint32_t count = syscall_error(answer) == TOCK_OK ? answer.value[0] : 0;

    if (count == 0 ||
        syscall_subscribe(TOCK_DRIVER_BUTTON, 0, on_change, NULL) != TOCK_OK)
        return TOCK_NODEVICE;
    for (uint32_t i = 0; i < count; i++)
        (void)syscall_command(TOCK_DRIVER_BUTTON, BUTTON_WATCH, i, 0);
    printf("button: %lu buttons\n", count);
    for (;;)
        syscall_yield_wait();
}
