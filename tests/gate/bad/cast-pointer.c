/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t *words(uint8_t *bytes)
{
    return (uint32_t *)bytes; /* BAD cast */
}
