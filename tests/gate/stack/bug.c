/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * Kernels that mk/check-stack must refuse, for tests/gate/stack.py: the linker
 * calls __wrap_led_init for led_init, and the LED driver's Command then needs
 * more stack than can be told or is there. BUG is one of the numbers below; 0
 * needs little.
 */
#include "core/led.h"

#define RECURSION  1
#define WIDE       2
#define GROWS      3
#define UNKNOWN    4
#define BY_POINTER 5

void __wrap_led_init(struct led *self);
uint32_t without_frame(uint32_t number);

static uint32_t sum(const volatile uint8_t *bytes, uint32_t count)
{
    uint32_t total = 0;

    for (uint32_t i = 0; i < count; i++)
        total += bytes[i];
    return total;
}

#if BUG == RECURSION
static uint32_t bug(uint32_t number)
{
    volatile uint8_t bytes[16] = {(uint8_t)number};

    return number == 0 ? 0 : sum(bytes, 16) * bug(number - 1);
}
#elif BUG == WIDE
static uint32_t bug(uint32_t number)
{
    volatile uint8_t bytes[8000] = {(uint8_t)number};

    return sum(bytes, sizeof(bytes));
}
#elif BUG == GROWS
static uint32_t bug(uint32_t number)
{
    volatile uint8_t *bytes = __builtin_alloca(number);

    bytes[0] = 1;
    return sum(bytes, number);
}
#elif BUG == UNKNOWN
__asm__(".text\n.global without_frame\n.type without_frame, %function\n"
        "without_frame:\n");

static uint32_t bug(uint32_t number)
{
    return without_frame(number);
}
#elif BUG == BY_POINTER
/* A driver that makes a Command of its own through its table. */
static uint32_t bug(uint32_t number)
{
    (void)number;
    return 0;
}
#else
static uint32_t bug(uint32_t number)
{
    volatile uint8_t bytes[16] = {(uint8_t)number};

    return sum(bytes, 16);
}
#endif

static struct command_return command(struct driver *self,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
#if BUG == BY_POINTER
    if (number != 0)
        return self->ops->command(self, caller, number - 1, arg0, arg1);
#else
    (void)self;
    (void)caller;
    (void)arg0;
    (void)arg1;
#endif
    return command_success_u32(bug(number));
}

void __wrap_led_init(struct led *self)
{
    static const struct driver_ops ops = {.command = command};

    self->driver.ops = &ops;
}
