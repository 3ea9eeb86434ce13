/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/mem.h"

#include <stdint.h>

/* The bytes of a pointer as a number. */
uint32_t address(const char *text)
{
    uint32_t number = 0;

    memcpy(&number, &text, sizeof(number)); /* BAD word cast */
    return number;
}
