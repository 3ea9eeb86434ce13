/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint8_t last(uint8_t (*small)[4])
{
    return (*(uint8_t(*)[64])small)[63]; /* BAD cast */
}
