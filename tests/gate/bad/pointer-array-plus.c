/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t at(uint32_t by)
{
    static const uint32_t table[2] = {1, 2};

    return *(table + by); /* BAD pointer */
}
