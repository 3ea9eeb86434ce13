/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t stack(void)
{
    register uint32_t sp = 0; /* BAD word */

    return sp;
}
