/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Compiled with the flags of the capsules that are shipped. */
#include "subscript.h"

static const uint8_t squares[] = {0, 1, 4, 9};

uint32_t subscript(const struct driver *driver, struct process *caller,
                   uint32_t at)
{
    (void)driver;
    (void)caller;
    return squares[at];
}
