/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* What the tests of serial ports' drivers share: deferred calls that the test
 * runs, and a client that counts. */

#include "hil/deferred.h"
#include "hil/uart.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct deferred *waiting;

void deferred_set(struct deferred *self)
{
    if (self->is_set)
        return;
    self->is_set = true;
    self->next = waiting;
    waiting = self;
}

static void run_deferred(void)
{
    while (waiting != NULL) {
        struct deferred *first = waiting;

        waiting = first->next;
        first->is_set = false;
        first->run(first);
    }
}

static unsigned transmitted_calls, received_calls;
static uint32_t last_count;
static enum tock_error last_status;

static void on_transmitted(struct hil_uart_client *self, uint32_t sent,
                           enum tock_error status)
{
    (void)self;
    transmitted_calls++;
    last_count = sent;
    last_status = status;
}

static void on_received(struct hil_uart_client *self, uint32_t received,
                        enum tock_error status)
{
    (void)self;
    received_calls++;
    last_count = received;
    last_status = status;
}

static const struct hil_uart_client_ops client_ops = {on_transmitted,
                                                      on_received};
static struct hil_uart_client client = {&client_ops};
