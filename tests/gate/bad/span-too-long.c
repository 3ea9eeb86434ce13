/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/span.h"

uint8_t far(void)
{
    uint8_t bytes[4] = {0};

    return span_get((struct span){bytes, 5}, 4); /* BAD span */
}
