/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

int32_t apart(const uint32_t *a, const uint32_t *b)
{
    return a - b; /* BAD pointer */
}
