/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/*
 * Which of a driver's pins each process wants to be told of, a bit for each,
 * for drivers whose grant is struct pin_watch and nothing else.
 *
 * The driver stops watching a pin when pin_watch_any says that nobody wants it
 * any more: a process that has ended wants nothing.
 *
 * Context: kernel thread only.
 */

#include "capsule/driver.h"
#include "hil/gpio.h"

#include <stdbool.h>

struct pin_watch {
    uint32_t wanted;
};

/* Watches the pin for this process; index is below 32. TOCK_NOMEM: no memory
 * for the grant; else what the pin says. */
enum tock_error pin_watch_begin(const struct driver *driver,
                                struct process *process, struct hil_gpio *pin,
                                uint32_t index, enum hil_gpio_edge edge);

/* The process wants it no more; the pin is left as it is. */
void pin_watch_end(const struct driver *driver, struct process *process,
                   uint32_t index);

/* What the process wants; 0 too if it never wanted any. */
uint32_t pin_watch_wanted(const struct driver *driver, struct process *process);

/* What any process wants. */
uint32_t pin_watch_any(const struct driver *driver);
