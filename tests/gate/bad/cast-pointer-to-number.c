/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t number(const int *of)
{
    return (uint32_t)of; /* BAD cast */
}
