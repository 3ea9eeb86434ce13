/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#pragma once

/* Starting the whole board again, as after power-on. Any context. */

struct hil_reset;

/* First member of every implementation. */
struct hil_reset {
    void (*reset)(const struct hil_reset *self); /* does not return */
};
