/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A chip as the kernel loop sees it: is there work from the hardware, and do
 * it. Interrupt handlers of the ports only note and mask an interrupt; the
 * drivers run here, in the kernel thread, and call capsules back from here or
 * by a struct deferred. Called by the kernel loop only.
 */

#include <stdbool.h>

struct hil_chip;

struct hil_chip_ops {
    /* True if an interrupt waits for service. Cheap; called each loop. */
    bool (*has_work)(struct hil_chip *self);
    /* Serves all interrupts that wait, and unmasks them again. */
    void (*serve)(struct hil_chip *self);
};

struct hil_chip {
    const struct hil_chip_ops *ops;
};
