/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint8_t last(uint32_t length)
{
    uint8_t bytes[length]; /* BAD stack */

    bytes[0] = 1;    /* BAD array */
    return bytes[0]; /* BAD array */
}
