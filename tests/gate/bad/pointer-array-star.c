/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t first(void)
{
    static const uint32_t table[2] = {1, 2};

    return *table; /* BAD pointer */
}
