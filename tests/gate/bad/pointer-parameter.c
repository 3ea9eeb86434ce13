/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

static uint32_t second(const uint32_t words[2])
{
    return words[1]; /* BAD pointer */
}

uint32_t beyond(uint32_t value)
{
    return second(&value);
}
