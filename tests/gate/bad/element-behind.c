/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t behind(uint32_t at)
{
    uint32_t table[2] = {1, 2};
    uint32_t *found = &table[at]; /* BAD element */

    return *found;
}
