/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * The timer that ends a process's time slice.
 *
 * While it runs and the process is on the processor, its expiry interrupts
 * the process (ARCH_TRAP_INTERRUPT). Time goes on while the kernel works for
 * the process. Called by the kernel only. Context: kernel thread only.
 */

#include <stdint.h>

struct hil_slice_timer;

struct hil_slice_timer_ops {
    /* Starts a slice of this many microseconds (at most 400 000), in place of
     * one that may still run. */
    void (*start)(struct hil_slice_timer *self, uint32_t slice_us);
    /* Microseconds left; 0 once it has expired. */
    uint32_t (*remaining_us)(struct hil_slice_timer *self);
    /* No further expiry until the next start. */
    void (*stop)(struct hil_slice_timer *self);
};

/* First member of every implementation. */
struct hil_slice_timer {
    const struct hil_slice_timer_ops *ops;
};
