/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t address(const char *text)
{
    uint32_t number = 0;

    __builtin_memcpy(&number, &text, sizeof(number)); /* BAD word cast */
    return number;
}
