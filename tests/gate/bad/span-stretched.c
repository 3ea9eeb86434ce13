/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/span.h"

struct span longer(struct span span)
{
    span.len += 4; /* BAD span */
    return span;
}
