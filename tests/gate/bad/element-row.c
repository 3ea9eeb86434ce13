/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t first(const uint32_t *of)
{
    return *of;
}

uint32_t behind(uint32_t at)
{
    static const uint32_t table[2][2] = {{1, 2}, {3, 4}};

    return first(table[at]); /* BAD element */
}
