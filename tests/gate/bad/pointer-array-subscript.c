/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

/* The second of one array. */
uint32_t at(const uint32_t (*table)[2])
{
    return table[1][0]; /* BAD pointer */
}
