/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Drives pin 0 and watches pin 1, which are joined by a wire; then tells each
 * edge of pin 2, an input with a pull-up.
 *
 * Expect on the console:
 *   gpio: 8 pins
 *   gpio: pin 1 high
 *   gpio: pin 1 low
 *   gpio: pin 2 is high
 *   gpio: ready
 * and, when pin 2 is driven:
 *   gpio: pin 2 low
 */
#include "tock/printf.h"
#include "tock/syscall.h"

enum {
    OUTPUT = 1,
    HIGH = 2,
    LOW = 3,
    INPUT = 5,
    READ = 6,
    WATCH = 7,
    COUNT = 10,
};

enum { PULL_NONE = 0, PULL_UP = 1, EACH_EDGE = 0 };

static struct syscall_return gpio(uint32_t command, uint32_t pin, uint32_t more)
{
    return syscall_command(TOCK_DRIVER_GPIO, command, pin, more);
}

static const char *level(uint32_t is_high)
{
    return is_high ? "high" : "low";
}

static void tell_edge(void)
{
    struct syscall_event event = syscall_yield_wait_for(TOCK_DRIVER_GPIO, 0);

    printf("gpio: pin %lu %s\n", event.arg[0], level(event.arg[1]));
}

int main(void)
{
    struct syscall_return answer = gpio(COUNT, 0, 0);

    if (syscall_error(answer) != TOCK_OK || answer.value[0] < 3)
        return TOCK_NODEVICE;
    printf("gpio: %lu pins\n", answer.value[0]);

    (void)gpio(OUTPUT, 0, 0);
    (void)gpio(INPUT, 1, PULL_NONE);
    (void)gpio(WATCH, 1, EACH_EDGE);
    (void)gpio(HIGH, 0, 0);
    tell_edge();
    (void)gpio(LOW, 0, 0);
    tell_edge();

    (void)gpio(INPUT, 2, PULL_UP);
    (void)gpio(WATCH, 2, EACH_EDGE);
    printf("gpio: pin 2 is %s\n", level(gpio(READ, 2, 0).value[0]));
    printf("gpio: ready\n");
    for (;;)
        tell_edge();
}
