/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capsule/element.h"

uint32_t *behind(uint32_t *from, uint32_t at)
{
    return ELEMENT(from, at); /* BAD pointer compiler */
}
