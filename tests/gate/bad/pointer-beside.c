/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t beside(uint32_t value, uint32_t by)
{
    return *(&value + by); /* BAD pointer */
}
