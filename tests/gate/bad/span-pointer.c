/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/span.h"

uint8_t first(struct span span)
{
    return *span.ptr; /* BAD span */
}
