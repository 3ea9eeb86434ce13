/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * A kernel with a bug in its LED driver, for kernelcrash.py: the linker calls
 * __wrap_led_init for led_init. The bug is CRASH, one of the functions below.
 */
#include "capsule/grant.h"
#include "core/led.h"
#include "subscript.h"

void __real_led_init(struct led *self);
void __wrap_led_init(struct led *self);

/* More stack than there is; each call keeps its own. */
static uint32_t overflow(const struct driver *driver, struct process *caller,
                         uint32_t depth)
{
    volatile uint32_t place[16] = {depth};
    uint32_t below = depth == 0 ? 0 : overflow(driver, caller, depth - 1);

    return below + place[depth % 16];
}

/* No memory and no device is there. */
static uint32_t wild_write(const struct driver *driver, struct process *caller,
                           uint32_t depth)
{
    volatile uint32_t *nowhere = (volatile uint32_t *)0xf0000000u;

    (void)driver;
    (void)caller;
    *nowhere = depth;
    return 0;
}

/* The driver says that it has a grant of 4 bytes and uses 8. */
static uint32_t broken_promise(const struct driver *driver,
                               struct process *caller, uint32_t depth)
{
    struct grant grant;

    if (grant_enter(driver, caller, &grant) != TOCK_OK)
        return depth;
    *GRANT_DATA(&grant, uint64_t) = depth;
    grant_leave(&grant);
    return 0;
}

static struct command_return command(struct driver *self,
                                     struct process *caller, uint32_t number,
                                     uint32_t arg0, uint32_t arg1)
{
    static uint32_t (*const bugs[])(const struct driver *, struct process *,
                                    uint32_t) = {overflow, subscript,
                                                 wild_write, broken_promise};

    (void)arg0;
    (void)arg1;
    if (number == 0)
        return command_success_u32(1);
    return command_success_u32(bugs[CRASH](self, caller, 100000));
}

void __wrap_led_init(struct led *self)
{
    static const struct driver_ops ops = {.command = command};
    static const struct grant_layout layout = {.size = 4};

    __real_led_init(self);
    self->driver.ops = &ops;
    self->driver.grant = &layout;
}
