/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "pin_watch.h"

#include "capsule/grant.h"

enum tock_error pin_watch_begin(const struct driver *driver,
                                struct process *process, struct hil_gpio *pin,
                                uint32_t index, enum hil_gpio_edge edge)
{
    struct grant grant;
    enum tock_error error = grant_enter(driver, process, &grant);

    if (error != TOCK_OK)
        return error;
    error = pin->ops->watch(pin, edge);
    if (error == TOCK_OK)
        GRANT_DATA(&grant, struct pin_watch)->wanted |= 1u << index;
    grant_leave(&grant);
    return error;
}

void pin_watch_end(const struct driver *driver, struct process *process,
                   uint32_t index)
{
    struct grant grant;

    if (grant_enter_existing(driver, process, &grant) != TOCK_OK)
        return;
    GRANT_DATA(&grant, struct pin_watch)->wanted &= ~(1u << index);
    grant_leave(&grant);
}

uint32_t pin_watch_wanted(const struct driver *driver, struct process *process)
{
    struct grant grant;
    uint32_t wanted;

    if (grant_enter_existing(driver, process, &grant) != TOCK_OK)
        return 0;
    wanted = GRANT_DATA(&grant, struct pin_watch)->wanted;
    grant_leave(&grant);
    return wanted;
}

uint32_t pin_watch_any(const struct driver *driver)
{
    uint32_t wanted = 0;
    struct process *process = process_next(NULL);

    for (; process != NULL; process = process_next(process))
        wanted |= pin_watch_wanted(driver, process);
    return wanted;
}
