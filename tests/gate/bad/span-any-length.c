/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/span.h"

struct span made(uint8_t *bytes, uint32_t len)
{
    struct span span = {bytes, len}; /* BAD span */

    return span;
}
