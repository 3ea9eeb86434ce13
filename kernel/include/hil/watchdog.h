/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * A watchdog that resets the chip if the kernel loop gets stuck.
 *
 * Called by the kernel loop only. Context: kernel thread only.
 */

struct hil_watchdog;

struct hil_watchdog_ops {
    /* The loop turns. */
    void (*tickle)(struct hil_watchdog *self);
    /* The processor sleeps now; it does so as long as nothing happens. */
    void (*suspend)(struct hil_watchdog *self);
    void (*resume)(struct hil_watchdog *self);
};

/* First member of every implementation. */
struct hil_watchdog {
    const struct hil_watchdog_ops *ops;
};
