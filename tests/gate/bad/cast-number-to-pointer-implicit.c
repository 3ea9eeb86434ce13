/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t *made(uint32_t from)
{
    return from; /* BAD cast compiler */
}
