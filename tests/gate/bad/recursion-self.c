/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>

uint32_t sum(uint32_t to) /* BAD recursion */
{
    return to == 0 ? 0 : to + sum(to - 1);
}
