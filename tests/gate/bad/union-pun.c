/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

union pun { /* BAD word union */
    uint32_t number;
    uint32_t *pointer;
};

uint32_t *made(uint32_t number)
{
    return ((union pun){number}).pointer; /* BAD word */
}
