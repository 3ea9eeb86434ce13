/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

const uint32_t *further(const uint32_t *from, uint32_t by)
{
    from += by; /* BAD pointer */
    return from;
}
