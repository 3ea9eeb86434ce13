/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t *words(uint8_t *bytes)
{
    void *any = bytes;    /* BAD cast */
    uint32_t *made = any; /* BAD cast */

    return made;
}
