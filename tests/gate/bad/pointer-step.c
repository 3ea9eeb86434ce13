/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t next(const uint32_t *from)
{
    return *++from; /* BAD pointer */
}
